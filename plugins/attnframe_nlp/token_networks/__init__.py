"""Networks over embedded tokens: what makes vectors of tokens, and what makes one vector of a text."""
