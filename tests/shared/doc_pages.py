"""Worked examples of a page of documentation: its files are written, its calls are made, and what it prints must be printed."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Program

BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def read_blocks(page: str) -> dict[str, str]:
    """Return the files that a page shows, by their names."""
    return {name: text for _, name, text in BLOCK.findall((ROOT / "docs" / page).read_text("utf-8")) if name}


def run_examples(gep: Program, page: str, folder: Path, store: Path | None = None) -> int:
    """Do what the blocks of a page say, in their order, and return how many calls were made.

    A block with a file name behind its kind is that file; in a block of kind `console` a line `$ gep ...` is a call, and the
    lines below it stand among what it prints, `…` for anything left out.
    """
    calls = 0
    for kind, name, text in BLOCK.findall((ROOT / "docs" / page).read_text("utf-8")):
        if name:
            (folder / name).write_text(text, "utf-8")
            continue
        if kind != "console":
            continue
        for part in re.split(r"^\$ gep ", text, flags=re.MULTILINE)[1:]:
            call, *expected = part.splitlines()
            words = [
                str(folder / one) if (folder / one).exists() or ("." in one and "/" not in one) else one
                for one in shlex.split(call)
            ]
            stored = store is not None and "--store" in gep(*words[:2], "--help").stdout
            printed = gep(*words, *(("--store", str(store)) if stored else ())).stdout
            calls += 1
            for line in expected:
                for piece in filter(None, (one.strip() for one in line.split("…"))):
                    assert piece in printed, f"{call}\n{piece!r} is not in\n{printed}"
    return calls
