"""A model that is trained on a user's own maps, for all tests of the task."""

import pytest

import attnframe


@pytest.fixture(scope="session")
def run(tmp_path_factory):
    """The model, the result of its run and its folder; the maps have one wall with a gap."""
    folder = tmp_path_factory.mktemp("plan")
    maps = []
    for gap in range(7):
        for goal in range(7):
            rows = [["."] * 7 for _ in range(7)]
            rows[3] = ["#"] * 7
            rows[3][gap], rows[6 * (goal % 2)][goal] = ".", "G"
            maps.append("\n".join("".join(row) for row in rows))
    (folder / "own.txt").write_text("\n\n".join(maps), encoding="utf-8")
    chosen = ["task=path_planning", "data=maps_file", f"data.path={folder / 'own.txt'}", "model.patch_size=2"]
    small = ["model.dim=32", "model.depth=1", "model.channels=16", "attention.num_heads=2", "data.batch_size=4"]
    result = attnframe.train(attnframe.compose([*chosen, *small, "optim.lr=5e-3"]), folder / "run")
    return attnframe.load(result["checkpoint"]), result, folder
