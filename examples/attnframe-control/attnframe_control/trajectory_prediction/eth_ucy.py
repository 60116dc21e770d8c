"""The files of ETH/UCY."""

from __future__ import annotations

import hashlib
import tarfile
from pathlib import Path, PurePosixPath
from typing import Final

import numpy as np

from attnframe.errors import DataError, Fault
from attnframe.plugin.published import PublishedFile
from attnframe_control.trajectory_prediction.tracks import Tracks, tracks_of
from attnframe_control.trajectory_prediction.windows import Parts, join

ADDRESS: Final = (
    "https://raw.githubusercontent.com/StanfordASL/Trajectron-plus-plus/"
    "1031c7bd1a444273af378c1ec1dcca907ba59830/experiments/pedestrians/raw"
)
TESTED: Final = {
    "eth": ("biwi_eth",),
    "hotel": ("biwi_hotel",),
    "univ": ("students001", "students003"),
    "zara1": ("crowds_zara01",),
    "zara2": ("crowds_zara02",),
}
"""Recordings of each scene; those of the other scenes are trained on, cut into ``_train`` and ``_val``."""
CHECKSUMS: Final = {
    "biwi_eth": "cf8d3fd342a15f409ebc2a1fc76b91a0f06390bd21f1e11410f3859331ab082b",
    "biwi_eth_train": "7905d1337f8466c3ebcd80e8264158209370e939774a371d215491256128407e",
    "biwi_eth_val": "ed19f8ee52e024788658d70060c1452b991aa506b78ea649c74f79e075ad20b9",
    "biwi_hotel": "9caa771bb9153d6b809dd0916b6f86761b641e6bbb15e766c1de3133fbbb7fcf",
    "biwi_hotel_train": "f3f485043273e3d972efd73770df0021ec7d3d5135f60d2e2ca5809f68d6f104",
    "biwi_hotel_val": "5c6026c5c6feb81295187e2e063d86197344428811ac2ae98a45bdfb5dfa79ed",
    "crowds_zara01": "1147a1962a09abfb86f28c6cddcac862e095a0cf129b3016385b69eacdd09d85",
    "crowds_zara01_train": "5b2ff1a334f4b3e8595e0ee898874b1795561db7bde97e90cbc4a1382c8c3d56",
    "crowds_zara01_val": "d5212e4e3289aa44365e5ce34a476ef2a4208c89bd6a29204ece097c7f33c157",
    "crowds_zara02": "8a649d0f8c9ae75c87c4d23a85f892786b0aa30266e996c7be03e69dafff22ff",
    "crowds_zara02_train": "9fd606341135d7d211c3af259c9eb2c25e4c7035efc43d3007ceeef6f954b247",
    "crowds_zara02_val": "361949e5655814680e1185bdd23344932f7b6ccc0d7120c34b523495d0fc69f8",
    "crowds_zara03_train": "d38a0a6cd1e24adadbb3b15cac97b747e5c6ace2c59d457d805f38a4d91d5a03",
    "crowds_zara03_val": "60d464e21fd3851fab146ec3b35d0db4155b3c057f4b46050336eac59314f0f5",
    "students001": "a6d87f278d94136fe39b8be91555487a29ac77259ae403b9dba2d5c18caf7b5b",
    "students001_train": "f41a0a63301e1c15104205c4a1540db477ddc3330ee2801a976d7b9fc238a63e",
    "students001_val": "dc8f3147820e80642903041b017292eb03ea5df81ffd2974b47a725d8ffeb394",
    "students003": "e25798b660634330aa89f8bb259425de720e84d0873902726c1d1f4ccff21d6c",
    "students003_train": "85fe6324e9a0b94acb21617eb0331f543fe5ebf0caee1e253794bca554f35daf",
    "students003_val": "b7aa6dcedba0e9036272dc363e2a25e6bb80d7485d75dcb3fff918ce01b10e24",
    "uni_examples_train": "06866bea5c2f589094473371e9fb6b653c7af95e5f748434bc1024544c5e1c7a",
    "uni_examples_val": "436dfa865ffab37957e928e227a1b6cc836ab0e6b7652abbf5d06cdf5638dee4",
}
"""sha256 of each file; it is the same file in every folder."""


def names(scene: str) -> dict[str, list[str]]:
    """The files of each part when a scene is left out, without ending."""
    others = sorted(name for name in CHECKSUMS if not name.startswith(TESTED[scene]))
    parts = {part: [name for name in others if name.endswith(f"_{part}")] for part in ("train", "val")}
    return {**parts, "test": list(TESTED[scene])}


def fetch(data_dir: Path, scene: str) -> dict[str, list[bytes]]:
    """The verified files of each part: of ``eth_ucy/eth_ucy.tar.xz`` where it is there, else of
    ``eth_ucy/SCENE/PART/``, as upstream lays them out, fetched where they are not there.

    Raises:
        DataError: naming each file that differs or cannot be fetched.
    """
    packed = data_dir / "eth_ucy" / "eth_ucy.tar.xz"
    if packed.exists():
        members = _members(packed)
        return {part: [_verified(packed, name, members) for name in some] for part, some in names(scene).items()}
    found: dict[str, list[bytes]] = {}
    faults: list[Fault] = []
    for part, some in names(scene).items():
        for name in some:
            file = f"{scene}/{part}/{name}.txt"
            published = PublishedFile("eth_ucy", f"{ADDRESS}/{file}", CHECKSUMS[name], f"eth_ucy/{file}")
            try:
                found.setdefault(part, []).append(published.ready(data_dir).read_bytes())
            except DataError as error:
                faults += error.faults
    if faults:
        raise DataError(faults)
    return found


def read_scene(data_dir: Path, scene: str, length: int) -> Parts:
    """All windows, one scene left out.

    Args:
        data_dir: root of the datasets. scene: that is tested on. length: frames of a window.

    Raises:
        DataError: when a file is missing or differs.
    """
    parts = {part: join(map(_tracks, some), length) for part, some in fetch(data_dir, scene).items()}
    return Parts(parts["train"], parts["val"], parts["test"], f"{scene} left out; val is cut off the others in time")


def _tracks(content: bytes) -> Tracks:
    rows = np.loadtxt(content.decode("ascii").splitlines())
    return tracks_of(rows[:, 0], np.array([f"{number:g}" for number in rows[:, 1]]), rows[:, 2:])


def _members(packed: Path) -> dict[str, bytes]:
    try:
        with tarfile.open(packed) as archive:
            files = [member for member in archive if member.isfile() and member.name.endswith(".txt")]
            return {PurePosixPath(one.name).stem: file.read() for one in files if (file := archive.extractfile(one))}
    except (OSError, EOFError, tarfile.TarError) as error:
        raise DataError(Fault(str(packed), "must be a whole archive that can be read", str(error))) from error


def _verified(packed: Path, name: str, members: dict[str, bytes]) -> bytes:
    content = members.get(name, b"")
    got = hashlib.sha256(content).hexdigest()
    if got != CHECKSUMS[name]:
        must = f"must hold the published {name}.txt (sha256 {CHECKSUMS[name]})"
        raise DataError(Fault(str(packed), must, f"sha256 {got}" if content else "no such file"))
    return content
