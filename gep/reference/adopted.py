"""What a call knows of units of somebody's own, apart from all that is read of them: each command begins with nothing, at no cost."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

ADOPTED: ContextVar[Any] = ContextVar("gep_units", default=None)
"""Set and read by `gep.reference.regions` alone; None: nothing was adopted yet."""


@contextmanager
def forget_units() -> Iterator[None]:
    """Let everything inside begin with what is shipped; what it adopts is forgotten at its end."""
    token = ADOPTED.set(None)
    try:
        yield
    finally:
        ADOPTED.reset(token)
