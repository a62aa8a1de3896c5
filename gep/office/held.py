"""Files that were sent to a page, held in a folder as long as they are read; what is said of them names them as they were called."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from gep.messages.problems import refuse_one
from gep.messages.texts import say
from gep.office.uploads import clean_name
from gep.paths import HELD

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST, LARGEST = 8, 4_000_000
"""Files that are sent together, and bytes of each."""


@contextmanager
def hold_files(files: Sequence[tuple[str, bytes]]) -> Iterator[list[Path]]:
    """Give the paths of files, in their order; they are gone afterwards.

    Parameters
    ----------
    files : names and contents

    Raises
    ------
    Problems : too many files, one that is too large, two of one name
    """
    named = [(clean_name(name), content) for name, content in files]
    large = [name for name, content in named if len(content) > LARGEST]
    if len(named) > MOST or large:
        found = say("the file {name} is too large", name=large[0]) if large else say("{count} files", count=len(named))
        refuse_one("FILE", found, say("at most {count}, each once and of at most {size} bytes", count=MOST, size=f"{LARGEST:,}"))
    if len({name for name, _ in named}) < len(named):
        refuse_one("FILE", "two files have one name", "each file by its own name")
    with TemporaryDirectory(prefix=HELD) as folder:
        paths = [Path(folder) / name for name, _ in named]
        for path, (_, content) in zip(paths, named, strict=True):
            path.write_bytes(content)
        yield paths
