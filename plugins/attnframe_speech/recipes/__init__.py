"""What configures data and models of the speech plugin. Torch-free."""
