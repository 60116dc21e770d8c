"""Networks from a picture to boxes: one for each `model=` of the task."""
