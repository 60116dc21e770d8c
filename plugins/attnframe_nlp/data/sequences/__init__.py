"""What texts with labels and tokens with tags share: vocabularies, ragged storage, reading, faults of lines."""
