"""Tokenizers: text to token ids and back, one file each; `data.tokenizer=NAME` selects one."""
