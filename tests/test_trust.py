from __future__ import annotations

from attnframe.trust import target_faults


def test_every_target_is_found_with_its_place() -> None:
    values = {"optim": {"_target_": "torch.hub.load"}, "list": [1, {"deep": {"_target_": 3}}], "plain": "_target_"}
    faults = target_faults(values, "config.yaml")
    assert [fault.where for fault in faults] == ["config.yaml.optim._target_", "config.yaml.list[1].deep._target_"]
    assert "'torch.hub.load'" in str(faults[0])
    assert "Select parts by their names" in str(faults[0])


def test_plain_values_are_fine() -> None:
    assert target_faults({"a": [1, None, {"b": "text"}], "target": "x"}) == []
