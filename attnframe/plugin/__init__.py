"""What a plugin provides and how plugins are found."""
