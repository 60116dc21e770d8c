"""From overrides to checked plans: literal values, names, points of a sweep, Hydra's composition, validation."""
