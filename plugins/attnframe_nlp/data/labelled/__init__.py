"""Texts with a label each: where they come from, how they are parted and encoded, and the floor."""
