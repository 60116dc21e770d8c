"""The task `path_planning`: the next move towards a goal, from every cell of a map."""
