"""The attention variant `your_variant` of attnframe."""
