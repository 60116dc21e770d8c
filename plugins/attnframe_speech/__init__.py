"""Speech: keywords and transcripts."""
