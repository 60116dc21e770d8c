"""Which words of a sentence each word of its translation comes from, as pairs and as a picture."""
