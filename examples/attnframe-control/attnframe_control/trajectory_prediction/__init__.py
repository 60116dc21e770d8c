"""The task `trajectory_prediction`: where pedestrians walk next."""
