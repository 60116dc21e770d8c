"""Use of a checkpoint, from the checkpoint alone: evaluation and prediction."""
