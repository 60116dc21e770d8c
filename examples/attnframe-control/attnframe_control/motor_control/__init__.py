"""The task `motor_control`: what comes of the state of a motor system."""
