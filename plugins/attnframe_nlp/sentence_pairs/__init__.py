"""Sentences in two languages: where they come from, vocabularies, and the data module of translation."""
