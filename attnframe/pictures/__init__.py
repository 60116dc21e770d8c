"""Drawing without torch: numbers in, self-contained SVG and HTML out."""
