"""Tests of attnframe.entry_points."""

from pathlib import Path

import pytest

from attnframe.entry_points import distribution_of, entry_points


def test_a_distribution_on_the_path_is_found_with_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "someones-1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: someones\nVersion: 1.0\n")
    (folder / "entry_points.txt").write_text("[a.group]\nzebra = z:z\nape = a:a\n[another]\nbear = b:b\n")
    assert entry_points("a.group") == []
    monkeypatch.syspath_prepend(str(tmp_path))
    found = entry_points("a.group")
    assert [(one.name, one.value) for one in found] == [("ape", "a:a"), ("zebra", "z:z")]
    assert {distribution_of(one) for one in found} == {"someones"}
