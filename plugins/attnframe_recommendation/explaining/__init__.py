"""Explanations of the plugin's tasks: one subject for each."""
