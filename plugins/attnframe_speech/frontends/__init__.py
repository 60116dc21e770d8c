"""What makes frames of features of a recording."""
