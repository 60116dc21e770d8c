"""Plugin for graphs: labels of nodes, classes and values of whole graphs."""
