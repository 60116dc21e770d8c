"""Explanations of nodes and of whole graphs."""
