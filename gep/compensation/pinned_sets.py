"""Sets of indicators that a scheme scores by are part of its text: with their files and hashes, as the tables beside it are."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from gep.files.table import decode
from gep.paths import COEFFICIENTS

if TYPE_CHECKING:
    from gep.files.yaml_lines import Document

SHIPPED = COEFFICIENTS / "indicators"


def find_set(document: Document, named: str) -> Path:
    """Return the file of a set of indicators: a shipped one by its id, another beside the scheme."""
    beside = named.endswith((".yaml", ".yml"))
    return Path(document.file).parent / named if beside else SHIPPED / f"{named}.yaml"


def pin_sets(document: Document) -> Document:
    """Return a document that holds the text and the hash of each set of indicators that its inputs name.

    A document that was registered says them already, and stays as it was registered; a set that is not there is told when
    the scheme is computed.
    """
    inputs = document.content.get("inputs")
    if not isinstance(inputs, dict) or not document.lines:
        return document
    texts: dict[Path, str] = {}
    pinned = {}
    for name, one in inputs.items():
        wanted = one.get("indicators") if isinstance(one, dict) else None
        if not isinstance(wanted, dict) or not isinstance(wanted.get("set"), str) or "sha256" in wanted:
            continue
        path = find_set(document, wanted["set"])
        files = [file.read_bytes() for file in (path, path.with_suffix(".csv")) if file.is_file()]
        if len(files) == len((path, path.with_suffix(".csv"))):
            texts[path] = "\n---\n".join(decode(file) or "" for file in files)
            pinned[name] = {**one, "indicators": {**wanted, "sha256": hashlib.sha256(b"".join(files)).hexdigest()}}
    content = {**document.content, "inputs": {**inputs, **pinned}}
    return replace(document, text="\n---\n".join([document.text, *texts.values()]), content=content) if pinned else document
