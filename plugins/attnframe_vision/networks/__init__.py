"""Networks from a picture to one vector: one for each `model=` of the task."""
