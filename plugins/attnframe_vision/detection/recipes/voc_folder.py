"""`data=voc_folder`. Torch-free."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from attnframe.errors import ConfigurationError
from attnframe.recipe import frozen
from attnframe_vision.detection.recipes.scenes import SceneFolder

if TYPE_CHECKING:
    from attnframe_vision.detection.data.module import SceneModule


@frozen
class VocFolder(SceneFolder):
    """A user's own pictures, each with an XML file in the form of Pascal VOC (Everingham et al. 2010).

    Either ``JPEGImages/ Annotations/`` with or without ``ImageSets/Main/{train,val,test}.txt``, or each picture beside
    its XML file, in one folder or in ``train/ val/ test/``.
    """

    name: ClassVar[str] = "voc_folder"
    summary: ClassVar[str] = "your own pictures with boxes in Pascal VOC's XML (data.path=DIR)"

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> SceneModule:
        from attnframe_vision.detection.data.module import SceneModule
        from attnframe_vision.detection.data.voc import VocSource

        if self.path is None:
            raise ConfigurationError(self.faults())
        return SceneModule(self, VocSource(Path(self.path), self.size, self.skip_broken), cache_dir)
