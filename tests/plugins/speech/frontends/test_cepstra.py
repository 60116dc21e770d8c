"""Files of cepstra: their bytes, the energies that they describe, and broken ones."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
import scipy.fft
from attnframe_speech.frontends.base import Unheard, frontend_of
from attnframe_speech.frontends.cepstra import Cepstra


def write(path: Path, values: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> Path:
    path.write_bytes(struct.pack(">i", values.size) + values.astype(">f4").tobytes())
    return path


def test_the_cosine_transform_is_inverted(tmp_path: Path) -> None:
    smooth = np.cos(np.pi * np.arange(3)[:, None] * (np.arange(40) + 0.5) / 40) + 2
    cepstra = scipy.fft.dct(smooth, type=2, axis=1)[:, :13] / 80  # of which c_0 is the mean energy
    frontend = Cepstra()
    got = frontend.frames(frontend.read(write(tmp_path / "a.mfc", cepstra)))
    assert got.dtype == np.float16
    np.testing.assert_allclose(got.astype(np.float64), smooth, atol=5e-3)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty: no frame"),
        (struct.pack(">i", 13), "0 values, 13 announced"),
        (struct.pack(">i", 13) + bytes(52) + b"x", "13 values, 13 announced"),
        (struct.pack(">i", 12) + bytes(48), "12 values, 12 announced"),
        (struct.pack("<i", 13) + bytes(52), "13 values, 218103808 announced"),
        (struct.pack(">i13f", 13, *[float("nan")] * 13), "no finite numbers"),
    ],
)
def test_broken_files_are_refused(content: bytes, reason: str, tmp_path: Path) -> None:
    (tmp_path / "a.mfc").write_bytes(content)
    with pytest.raises(Unheard, match=reason):
        Cepstra().read(tmp_path / "a.mfc")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unheard, match="No such file"):
        Cepstra().read(tmp_path / "a.mfc")


def test_facts_make_it_again(tmp_path: Path) -> None:
    again = frontend_of({"frontend": Cepstra(20, 100.0, 5000.0).facts})
    assert isinstance(again, Cepstra)
    assert again.frames(again.read(again.write_example(tmp_path))).shape == (50, 20)
