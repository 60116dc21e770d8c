"""Subjects by the pattern of their input, each with its picture: tokens, a grid, a series, a table of lines."""
