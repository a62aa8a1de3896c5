"""Tidies up after a program that was killed: started beside it by run_folder.py, it waits for its end; the standard library only.

Arguments: the folder of unfinished files. Standard input ends when the program does. Where the file READY stands in the
folder, all files were whole: they take their names, and those that READY names go. Else nothing of the run stays.
"""

from __future__ import annotations

import contextlib
import shutil
import sys
from pathlib import Path

READY = "ready"


def finish(unfinished: Path) -> None:
    """Give whole files their names in the folder above, or remove what is not whole."""
    ready = unfinished / READY
    if ready.is_file():
        folder = unfinished.parent
        for name in ready.read_text("utf-8").splitlines():
            with contextlib.suppress(OSError):
                (folder / name).unlink(missing_ok=True)
        for file in sorted(unfinished.iterdir()):
            if file.name != READY:
                file.replace(folder / file.name)
    shutil.rmtree(unfinished, ignore_errors=True)


if __name__ == "__main__":
    sys.stdin.buffer.read()
    finish(Path(sys.argv[1]))
