"""Begins a scheme of somebody's own: a file with every part explained, which can be computed as it stands."""

from __future__ import annotations

import re
from pathlib import Path

from gep.compensation.reading import list_scheme_ids
from gep.compensation.scheme import ID, IN_WORDS
from gep.files.writing import write_file
from gep.messages.problems import refuse_one
from gep.messages.texts import say
from gep.paths import TEMPLATES, print_path


def write_new_scheme(identity: str, output: Path | None) -> Path:
    """Write the skeleton of a scheme and return where it is.

    Parameters
    ----------
    identity : of the new scheme
    output   : file; None: the id with .yaml in the current folder

    Raises
    ------
    Problems : an id that cannot be one or is that of a shipped scheme, or a file that is there already
    """
    if not re.fullmatch(ID, identity):
        refuse_one("ID", say("{id!r} cannot be an id", id=identity), IN_WORDS[ID])
    if identity in list_scheme_ids():
        refuse_one("ID", say("{id} is the id of a shipped scheme", id=identity), say("an id of its own"))
    target = output or Path(f"{identity}.yaml")
    if target.exists():
        refuse_one(print_path(target), say("the file is there already"), say("a new file"), say("give --output"))
    write_file(target, (TEMPLATES / "scheme.yaml").read_text("utf-8").replace("NEW_ID", identity).encode(), "scheme")
    return target
