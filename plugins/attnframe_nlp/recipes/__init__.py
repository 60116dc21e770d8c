"""Recipes of the plugin, torch-free: model, prediction, and one file a dataset."""
