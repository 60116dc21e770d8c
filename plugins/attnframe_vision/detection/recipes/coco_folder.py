"""`data=coco_folder`. Torch-free."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from attnframe.errors import ConfigurationError
from attnframe.recipe import frozen
from attnframe_vision.detection.recipes.scenes import SceneFolder

if TYPE_CHECKING:
    from attnframe_vision.detection.data.module import SceneModule


@frozen
class CocoFolder(SceneFolder):
    """A user's own pictures with boxes in JSON files in the form of COCO (Lin et al. 2014).

    ``annotations/*.json`` with the pictures in ``images/`` or in a folder for each part, or a JSON file beside the
    pictures, in one folder or in ``train/ val/ test/``.
    """

    name: ClassVar[str] = "coco_folder"
    summary: ClassVar[str] = "your own pictures with boxes in COCO's JSON (data.path=DIR)"

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> SceneModule:
        from attnframe_vision.detection.data.coco import CocoSource
        from attnframe_vision.detection.data.module import SceneModule

        if self.path is None:
            raise ConfigurationError(self.faults())
        return SceneModule(self, CocoSource(Path(self.path), self.size, self.skip_broken), cache_dir)
