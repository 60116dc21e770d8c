"""Vision: pictures in, labels out."""
