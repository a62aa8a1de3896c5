"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from gep.problems import Problem, Problems


def write_whole(target: Path, content: bytes, what: str) -> None:
    """Write a file under a temporary name and rename it; the folder is made if need be.

    Raises
    ------
    Problems : the file cannot be written; `what` names it in the sentence
    """
    temporary = ""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=target.parent, suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).replace(target)
        target.chmod(0o644)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise Problems(
            [Problem(str(target), 0, f"the {what} cannot be written: {error.strerror}", "", "-o FILE names another place")]
        ) from None
