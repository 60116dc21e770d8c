"""The task `offline_policy`."""
