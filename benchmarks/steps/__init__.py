"""What `peers.py` compares, a module for each domain: our step and those of its peers."""
