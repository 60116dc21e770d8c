"""What configures data and models of the recommendation plugin. Torch-free."""
