"""Files that are written whole or not at all: to a temporary name beside the target, then renamed."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from gep import files
from gep.problems import Problem, Problems

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def written(target: Path, endings: set[str]) -> Iterator[Path]:
    """Give a temporary file that becomes the target when nothing went wrong.

    Raises
    ------
    Problems : an ending that is not written, or a place that cannot be written to
    """
    if target.suffix.lower() not in endings:
        raise Problems(
            [
                Problem(
                    str(target),
                    0,
                    f"this is not written as {target.suffix or 'a file without ending'}",
                    " or ".join(sorted(endings)),
                )
            ]
        )
    with files.written(target) as temporary:
        yield temporary
