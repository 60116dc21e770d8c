"""The command line, one module a command. Torch and Hydra are imported inside the commands that need them."""
