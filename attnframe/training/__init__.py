"""Training: the one LightningModule, its optimisers and schedules, checkpoints and the run around them."""
