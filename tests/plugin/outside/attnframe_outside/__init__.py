"""A plugin from outside: which of two symbols is more frequent, and which symbol comes next."""
