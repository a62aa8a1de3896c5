"""Begins a standard of somebody's own: a file with every key explained, which can be read as it stands."""

from __future__ import annotations

import json
import re
from pathlib import Path

from gep.files.writing import write_file
from gep.messages.problems import refuse_one
from gep.messages.texts import say
from gep.paths import TEMPLATES, print_path
from gep.standards.standard import list_shipped_standards, load_standard

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")


def write_new_standard(identity: str, output: Path | None, extends: str | None) -> Path:
    """Write the beginning of a standard and return where it is.

    Parameters
    ----------
    identity : of the new standard
    output   : file; None: the id with .yaml in the current folder
    extends  : id or file of a standard whose statements it takes over; None: it stands alone

    Raises
    ------
    Problems : an id that cannot be one or is that of a shipped standard, a file that is there already, no such standard
    """
    if not _NAME.fullmatch(identity):
        refuse_one("ID", say("{id!r} cannot be an id", id=identity), say("letters, digits, - and _"), "")
    if identity in list_shipped_standards():
        refuse_one("ID", say("{id} is the id of a shipped standard", id=identity), say("an id of its own"), "")
    if extends is not None:
        load_standard(extends)
    target = output or Path(f"{identity}.yaml")
    if target.exists():
        refuse_one(print_path(target), say("the file is there already"), say("a new file"), say("give --output"))
    text = (TEMPLATES / "standard.yaml").read_text("utf-8")
    text = text.replace("{id}", identity).replace("{extends}", json.dumps(extends or "", ensure_ascii=False))
    write_file(target, text.encode(), "standard")
    return target
