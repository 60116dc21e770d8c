"""Run folders: what a run leaves on disk, and how its result is shown."""
