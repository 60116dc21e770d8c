"""Natural language: plugin `nlp` of attnframe."""
