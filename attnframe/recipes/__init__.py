"""Torch-free declarations of everything a user selects by an override: attention variants and position schemes."""
