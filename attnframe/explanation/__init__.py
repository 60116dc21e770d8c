"""Explanations of single answers: what attention read, drawn in the domain's own picture, and whether to believe it."""
