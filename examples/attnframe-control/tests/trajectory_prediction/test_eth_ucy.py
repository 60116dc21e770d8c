"""ETH/UCY as it was published."""

import os
from pathlib import Path

import pytest
from attnframe_control.trajectory_prediction.data import WalkModule
from attnframe_control.trajectory_prediction.eth_ucy import names, read_scene
from attnframe_control.trajectory_prediction.recipes import EthUcy

from attnframe.errors import DataError

ROOT = os.environ.get("ATTNFRAME_DATA_DIR", "")


@pytest.mark.parametrize("scene", ["eth", "hotel", "univ", "zara1", "zara2"])
def test_a_scene_that_is_tested_on_is_not_trained_on(scene):
    parts = names(scene)
    tested = {name for part in ("train", "val") for name in parts[part] if name.startswith(tuple(parts["test"]))}
    assert not tested
    assert len(parts["train"]) == len(parts["val"]) == 8 - len(parts["test"])


@pytest.mark.skipif(not ROOT, reason="needs ATTNFRAME_DATA_DIR")
@pytest.mark.parametrize(
    ("scene", "windows", "ade", "fde"),
    [("eth", 364, 1.08, 2.28), ("hotel", 1197, 0.32, 0.61), ("zara1", 2356, 0.43, 0.95), ("zara2", 5910, 0.32, 0.72)],
)
def test_constant_velocity_makes_the_errors_that_it_is_known_to(scene, windows, ade, fde):
    made = WalkModule(EthUcy(scene=scene), lambda: read_scene(Path(ROOT), scene, 20))
    made.setup()
    floor = made.floor()
    assert made.protocol["windows"]["test"] == windows
    assert floor["test/ade"] == pytest.approx(ade, abs=0.005)
    assert floor["test/fde"] == pytest.approx(fde, abs=0.0051)


def test_an_archive_that_is_broken_or_lacks_a_file_is_told(tmp_path):
    import tarfile

    (tmp_path / "eth_ucy").mkdir()
    packed = tmp_path / "eth_ucy" / "eth_ucy.tar.xz"
    packed.write_bytes(b"nothing")
    with pytest.raises(DataError, match="must be a whole archive"):
        read_scene(tmp_path, "eth", 20)
    with tarfile.open(packed, "w:xz"):
        pass
    with pytest.raises(DataError, match=r"must hold the published biwi_hotel_train.txt .* Got no such file"):
        read_scene(tmp_path, "eth", 20)
