"""Files that are written whole or not at all: to a temporary name beside the target, then renamed."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from gep.problems import Problem, Problems

if TYPE_CHECKING:
    from collections.abc import Iterator


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
    temporary: Path | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, suffix=".part")
        os.close(handle)
        temporary = Path(name)
        yield temporary
        temporary.replace(target)
        target.chmod(0o644)
    except OSError as error:
        raise Problems(
            [Problem(str(target), 0, f"the file cannot be written: {error.strerror}", "", "-o FILE names another place")]
        ) from None
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
