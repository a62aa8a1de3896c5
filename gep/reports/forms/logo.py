"""The logo in a folder of templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.problems import refuse_one
from gep.messages.texts import say

if TYPE_CHECKING:
    from pathlib import Path

KINDS = {"logo.svg": "image/svg+xml", "logo.png": "image/png", "logo.jpg": "image/jpeg"}
_BEGINS = {"logo.png": b"\x89PNG\r\n\x1a\n", "logo.jpg": b"\xff\xd8\xff"}


def find_logo(templates: Path | None, names: tuple[str, ...] = tuple(KINDS)) -> Path | None:
    """Return the first file of a folder that has one of the names of a logo; None without one.

    Raises
    ------
    Problems : the file is not a picture of the kind its name says
    """
    path = next((found for name in names if templates and (found := templates / name).exists()), None)
    if path is not None:
        content = path.read_bytes()
        if not content.startswith(_BEGINS[path.name]) if path.name in _BEGINS else b"<svg" not in content:
            refuse_one(
                str(path),
                "the logo is not such a picture",
                say("a picture of the kind {kind}", kind=KINDS[path.name]),
                "save it again, or leave it out",
            )
    return path
