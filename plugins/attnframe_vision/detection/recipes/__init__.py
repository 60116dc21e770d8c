"""Torch-free settings of object detection: models, data sets, prediction."""
