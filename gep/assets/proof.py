"""A file that proves itself: content, the document it was computed from, and one hash over both."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from gep.files.reading import LARGEST_TEXT, read_bounded
from gep.messages.plain import make_plain
from gep.messages.problems import refuse_one
from gep.messages.texts import say
from gep.paths import print_path

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

HASH = "sha256"


def hash_content(content: Mapping[str, Any]) -> str:
    """Return sha256 over plain values with sorted keys, the hash itself left out."""
    plain = {name: value for name, value in make_plain(content).items() if name != HASH}
    return hashlib.sha256(json.dumps(plain, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def seal(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return content with its hash."""
    plain: dict[str, Any] = make_plain(content)
    return {**plain, HASH: hash_content(plain)}


def read_sealed(path: Path, kind: str) -> dict[str, Any]:
    """Return the content of a sealed file.

    Parameters
    ----------
    kind : what the file must say it is

    Raises
    ------
    Problems : no JSON, another kind of file, or a content that is not what was sealed
    """
    shown = print_path(path)
    try:
        found = json.loads(read_bounded(path, LARGEST_TEXT).decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or found.get("kind") != kind or HASH not in found:
        refuse_one(shown, say("the file is no {kind} of this program", kind=kind), say("the JSON file that gep wrote"))
    if hash_content(found) != found[HASH]:
        told = say("the content does not have the hash that stands in it")
        refuse_one(shown, told, say("the file as it was written"), say("it was changed; ask for the original"))
    return found
