"""What the operating system refused, as a problem of the file it is about: no room, no right, a name too long, a broken disk."""

from __future__ import annotations

import os
from pathlib import Path

from gep.messages.problems import Problem, Problems
from gep.messages.texts import mark_word, say
from gep.paths import print_path


def describe_system(error: OSError | MemoryError) -> Problems:
    """Return what the system refused as problems, for errors that nobody met where they arose."""
    if isinstance(error, MemoryError):
        found = "there is not enough memory for this"
        return Problems([Problem(mark_word("memory"), 0, found, "", "take fewer counties, years or rows at a time")])
    name = error.filename
    where = print_path(Path(os.fsdecode(name))) if isinstance(name, str | bytes) else mark_word("the system")
    why = error.strerror or str(error) or type(error).__name__
    return Problems([Problem(where, 0, say("the system refuses this: {why}", why=mark_word(why)))])
