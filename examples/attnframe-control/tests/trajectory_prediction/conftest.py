"""A model that is trained on a user's own tracks, for all tests of the task."""

import numpy as np
import pytest

import attnframe


@pytest.fixture(scope="session")
def run(tmp_path_factory):
    """The model, the result of its run and its folder; everybody walks in a circle."""
    folder = tmp_path_factory.mktemp("walk")
    rows = []
    for person in range(6):
        angle = np.arange(160) * 0.06 + person
        places = np.stack([4 * np.cos(angle), 4 * np.sin(angle)], 1)
        rows += [(frame, f"p{person}", *place) for frame, place in enumerate(places)]
    text = "frame,id,x,y\n" + "".join(",".join(map(str, row)) + "\n" for row in rows)
    (folder / "own.csv").write_text(text, encoding="utf-8")
    chosen = ["task=trajectory_prediction", "data=tracks_file", f"data.path={folder / 'own.csv'}", "data.horizon=12"]
    small = ["model.dim=16", "model.depth=1", "attention.num_heads=2", "data.batch_size=16", "trainer.max_epochs=6"]
    chosen += ["data.mirror=false", "optim.lr=1e-2", *small]
    result = attnframe.train(attnframe.compose(chosen), folder / "run")
    return attnframe.load(result["checkpoint"]), result, folder
