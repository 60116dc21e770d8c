"""`attnframe predict`: predictions for a user's own input."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from attnframe.cli.arguments import required, split_arguments, take
from attnframe.errors import ConfigurationError, Fault, did_you_mean


def run(argv: Sequence[str]) -> int:
    """Run the command; see `attnframe predict --help`. Returns the exit code."""
    from attnframe.config.literal import user_path

    taken, others = take(split_arguments(argv).overrides, ["ckpt", "input", "output"])
    faults = required(taken, {"ckpt": "RUN/checkpoints/best.ckpt", "input": "FILE_OR_FOLDER_OR_TEXT"})
    options: dict[str, Any] = {}
    seed: int | None = None
    try:
        options, seed = read_options(others)
    except ConfigurationError as error:
        faults += error.faults
    if faults:
        raise ConfigurationError(faults)
    output = user_path(taken["output"]) if taken.get("output") else None

    from attnframe.evaluation.predict import predict

    records = predict(user_path(taken["ckpt"]), taken["input"], output, options, seed)
    if output is None:
        for record in records:
            print(json.dumps(record, ensure_ascii=False))
    else:
        print(f"{len(records)} predictions in {output}")
    return 0


def read_options(overrides: Sequence[str]) -> tuple[dict[str, Any], int | None]:
    """Prediction settings by name, and the seed when it is given.

    Raises:
        ConfigurationError: for every override that is neither ``predict.FIELD=VALUE`` nor ``seed=N``.
    """
    from attnframe.config.typed import read_typed

    typed = read_typed(overrides, sweep=False)
    faults = list(typed.faults)
    options: dict[str, Any] = {}
    seed: int | None = None
    for override in typed.own:
        key, value = override.key_or_group, override.value()
        if key.startswith("predict."):
            options[key.removeprefix("predict.")] = value
        elif key == "seed" and isinstance(value, int) and not isinstance(value, bool):
            seed = value
        elif key == "seed":
            faults.append(Fault("seed", "must be an integer", repr(value)))
        else:
            near = did_you_mean(key, ["ckpt", "input", "output", "seed", f"predict.{key}"])
            faults.append(Fault(key, "is not a known key of predict", "", near))
    if faults:
        raise ConfigurationError(faults)
    return options, seed
