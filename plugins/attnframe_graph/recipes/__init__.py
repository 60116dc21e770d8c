"""What configures data and models of the graph plugin. Torch-free."""
