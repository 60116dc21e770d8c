"""Reading what is drawn."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image


@pytest.fixture
def pixels() -> Callable[[str], NDArray[np.uint8]]:
    """What another program reads from a ``data:`` address of a PNG."""

    def read(uri: str) -> NDArray[np.uint8]:
        with Image.open(io.BytesIO(base64.b64decode(uri.removeprefix("data:image/png;base64,")))) as picture:
            return np.asarray(picture)

    return read
