"""report.html of a run or a sweep, made from its files alone."""
