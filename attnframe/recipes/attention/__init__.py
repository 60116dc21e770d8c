"""Attention variants, one file and one paper each; `attention=NAME` selects one."""
