"""From the log probabilities of frames to text."""
