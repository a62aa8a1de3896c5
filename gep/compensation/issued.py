"""A booking as it is printed: the run, its postings and those it replaced, who made it, and the head of the chain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gep.store.chain import Head
    from gep.store.transfers import BookedRun, Booking


@dataclass(frozen=True)
class Booked:
    """The booking of what is printed: its run, the postings of the run and of the one it replaced, who made it, and the chain."""

    run: BookedRun
    postings: tuple[Booking, ...]
    before: tuple[Booking, ...]
    maker: str
    checker: str
    head: Head
    fallen: tuple[str, ...] = ()
    """Sentences about accounts that it rests on and whose approval has fallen."""
