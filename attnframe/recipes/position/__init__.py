"""Position schemes, one file and one paper each; `position=NAME` selects one."""
