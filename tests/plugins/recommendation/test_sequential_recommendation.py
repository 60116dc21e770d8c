"""What the task takes and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from attnframe.config.check import check
from attnframe.errors import ConfigurationError

TASK = "task=sequential_recommendation"


@pytest.mark.parametrize(
    ("overrides", "told"),
    [
        (
            ["position=timestamps"],
            r"position=timestamps reads timestamps, which data=generated_sessions does not provide",
        ),
        (
            ["model.side_information=field"],
            r"model\.side_information must be none: data=generated_sessions says nothing",
        ),
        (["data.protocol=99neg-file"], r"data\.negatives .+ must be a file with protocol=99neg-file"),
        (["data.negatives=x"], r"data\.negatives .+ must be null unless protocol=99neg-file"),
        (["data=interactions_csv"], r"data\.path .+ must be a file user,item,timestamp or a folder with it"),
        (["model=attention_cnn"], r"its convolutions read what is to be predicted"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_reason(overrides: list[str], told: str) -> None:
    with pytest.raises(ConfigurationError, match=told):
        check([TASK, *overrides])


@pytest.mark.parametrize("attention", ["mha", "linear", "retention", "window", "none"])
def test_causal_variants_serve(attention: str) -> None:
    check([TASK, f"attention={attention}"], dry_run=True)


@pytest.mark.parametrize("data", ["sasrec_games", "s3rec_beauty", "ml_100k", "ml_1m", "interactions_csv"])
def test_every_data_set_composes(data: str, tmp_path: Path) -> None:
    path = [f"data.path={tmp_path}"] if data == "interactions_csv" else []
    for more in ([], ["data.protocol=sasrec-100neg", "model.loss=bce"]):
        check([TASK, f"data={data}", *path, *more])


def test_times_and_descriptions_are_used_where_they_are(tmp_path: Path) -> None:
    check([TASK, "data=ml_100k", "position=timestamps", "model.side_information=cross"], dry_run=True)
    with pytest.raises(ConfigurationError, match=r"attention=retention cannot serve .+ which needs cross attention"):
        check([TASK, "data=ml_100k", "attention=retention", "model.side_information=cross"])


@pytest.mark.parametrize("loss", ["softmax", "sampled_softmax", "bce"])
def test_every_loss_is_checked_without_data(loss: str) -> None:
    check([TASK, f"model.loss={loss}"], dry_run=True)
