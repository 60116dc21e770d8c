"""Plugin for graphs: labels of nodes."""
