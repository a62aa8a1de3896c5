"""What a folder of templates of one's own may hold: files of its own, and no link that leads out of it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from gep.messages.problems import Problem, refuse, refuse_one
from gep.messages.texts import say

MOST = 10_000
"""Files and folders that a folder of templates may hold; more is some other folder, named by mistake."""


def check_own_folder(folder: Path) -> None:
    """Refuse a folder of templates that reaches out of itself: links that lead elsewhere, devices, pipes.

    Raises
    ------
    Problems : every such file, or a folder of more than MOST files
    """
    home = folder.resolve()
    problems = []
    count = 0
    for at, folders, files in os.walk(home):
        count += len(folders) + len(files)
        if count > MOST:
            refuse_one(
                str(folder),
                say("the folder of templates holds more than {most:,} files", most=MOST),
                "a folder of templates, texts, styles and a logo",
            )
        for name in (*folders, *files):
            path = Path(at) / name
            mode = path.lstat().st_mode
            if stat.S_ISLNK(mode) and not path.resolve().is_relative_to(home):
                found = "the link leads out of the folder of templates"
            elif not (stat.S_ISLNK(mode) or stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
                found = "this is a device or a pipe and no file"
            else:
                continue
            shown = folder / path.relative_to(home)
            problems.append(Problem(str(shown), 0, found, "files of the folder of templates", "put a copy of the file there"))
    refuse(problems)
