"""Finding objects in pictures: what the task `object_detection` is made of."""
