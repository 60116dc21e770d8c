"""`data=image_folder data.path=DIR`. Torch-free."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from attnframe.errors import ConfigurationError, Fault
from attnframe.plugin.contract import Facts
from attnframe.recipe import AtLeast, frozen
from attnframe_vision.recipes.pictures import Fit, PictureData, nominal

if TYPE_CHECKING:
    from attnframe_vision.data.module import PictureModule


@frozen
class ImageFolder(PictureData):
    """A user's own pictures: class folders, or ``train/ val/ test/`` of them; any format that Pillow reads.

    Args:
        size: height and width in pixels that pictures are brought to; null for the pictures' own median side, a
            multiple of 8 from 8 to 64.
        fit: how a picture of another shape gets there: ``crop`` its longer side, ``pad`` its shorter, or ``squash``.
        colour: ``auto`` keeps colour when a picture has any; ``grey`` or ``rgb`` decide.
        skip_broken: leave out pictures that cannot be read, with a notice, instead of refusing the folder.
    """

    name: ClassVar[str] = "image_folder"
    summary: ClassVar[str] = "your own pictures in class folders, or in train/ val/ test/ of them (data.path=DIR)"

    size: Annotated[int, AtLeast(4)] | None = None
    fit: Fit = "crop"
    colour: Literal["auto", "grey", "rgb"] = "auto"
    skip_broken: bool = False
    crop: float = 4.0
    flip: bool = True

    def faults(self) -> Iterable[Fault]:
        yield from super().faults()
        if self.path is None:
            yield self.fault("path", "must be a folder of class folders", "Give data.path=DIR.")

    def nominal_facts(self) -> Facts:
        side = self.size or 64
        return nominal(("a", "b"), 1 if self.colour == "grey" else 3, side, side)

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> PictureModule:
        from attnframe_vision.data.image_folder import ImageFolderSource
        from attnframe_vision.data.module import PictureModule

        if self.path is None:
            raise ConfigurationError(self.fault("path", "must be a folder of class folders", "Give data.path=DIR."))
        source = ImageFolderSource(Path(self.path), self.size, self.fit, self.colour, self.skip_broken)
        return PictureModule(self, source, cache_dir)
