"""The attnframe plugin `control`."""
