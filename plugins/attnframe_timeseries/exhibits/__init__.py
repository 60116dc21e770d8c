"""What reports show of a test pass, task by task."""
