"""Translating what a user gives."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from attnframe.errors import DataError, Fault
from attnframe_nlp.alignment.alignment import aligned, weights_of_source
from attnframe_nlp.data.text import TextOfFile
from attnframe_nlp.recipes.translate import Translate
from attnframe_nlp.sentence_pairs.split import Padded
from attnframe_nlp.sentence_pairs.vocabulary import BEGIN, END, PAD

if TYPE_CHECKING:
    from attnframe_nlp.translator import Translator

SHOWN = 5
"""Line numbers that an error names."""


def read_sentences(source: str) -> list[tuple[str, str]]:
    """Name and content of each sentence: those of a UTF-8 file, one a line and named ``FILE:LINE``, or the text itself.

    Raises:
        DataError: when a file cannot be read, is empty or has empty lines.
    """
    try:
        is_path = Path(source).exists()
    except OSError:  # A long text is no name of a file.
        is_path = False
    if not is_path:
        if not source.strip():
            raise DataError(Fault("input", "must hold a sentence", repr(source)))
        return [(source, source)]
    if Path(source).is_dir():
        raise DataError(Fault("input", "must be a text, or a file with one sentence a line", f"folder {source}"))
    lines = "".join(TextOfFile(Path(source)).pieces()).removesuffix("\n").split("\n")
    empty = [str(number) for number, line in enumerate(lines, start=1) if not line.strip()]
    if empty:
        more = f" and {len(empty) - SHOWN} more" if len(empty) > SHOWN else ""
        got = f"empty lines {', '.join(empty[:SHOWN])}{more}"
        raise DataError(Fault(source, "must hold a sentence in every line", got, "Remove them."))
    return [(f"{source}:{number}", line.strip()) for number, line in enumerate(lines, start=1)]


def translated(model: Translator, inputs: Sequence[tuple[str, str]], options: Translate) -> list[dict[str, Any]]:
    """One record a sentence, in order: ``input``, ``source``, ``translation``, its ``log_probability`` in nats, and
    ``alignment`` (see `aligned`; missing where the attention variant has no weights).

    Sentences of about the same length are translated together.

    Args:
        model: in evaluation mode. inputs: name and content. options: how to search.
    """
    records: list[dict[str, Any]] = [{}] * len(inputs)
    order = sorted(range(len(inputs)), key=lambda place: len(inputs[place][1]))
    for first in range(0, len(order), options.batch_size):
        places = order[first : first + options.batch_size]
        for place, record in zip(places, _batch(model, [inputs[place] for place in places], options), strict=True):
            records[place] = record
    return records


def _batch(model: Translator, inputs: Sequence[tuple[str, str]], options: Translate) -> list[dict[str, Any]]:
    reading, writing = model.vocabularies
    limit = model.facts["max_length"] - 1  # The end of the sentence is a token too.
    encoded = [tokens[:limit] for tokens in reading.encode(sentence for _, sentence in inputs)]
    source = Padded([[*tokens, END] for tokens in encoded]).rows(torch.arange(len(encoded))).to(model.device)
    found = model.translate(
        source,
        model.beams if options.beams is None else options.beams,
        model.length_penalty if options.length_penalty is None else options.length_penalty,
    )
    before = torch.cat([torch.full_like(found.tokens[:, :1], BEGIN), found.tokens[:, :-1]], 1)
    weights = weights_of_source(
        model.network, model.embedded_source(source), model.embedded_target(before), source != PAD
    )
    records = []
    for place, (name, sentence) in enumerate(inputs):
        tokens = [token for token in found.tokens[place].tolist() if token != END]
        record: dict[str, Any] = {"input": name, "source": sentence, "translation": writing.decode(tokens)}
        record["log_probability"] = float(found.log_probability[place])
        if weights is not None:
            record["alignment"] = aligned(weights[place], reading.pieces(encoded[place]), writing.pieces(tokens))
        records.append(record)
    return records
