"""Recommendation: attention over what a user did, and over the fields of an event."""
