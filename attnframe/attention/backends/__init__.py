"""Backends: ways of computing attention by scores, each exact or refused with reasons."""
