"""The attnframe plugin `your_domain`."""
