"""Torch-free settings of the vision plugin: model, data sets, prediction."""
