"""How far a statement is known: the closed list of marks, which stay with it through to the report."""

from __future__ import annotations

from typing import Literal, get_args

Mark = Literal["V", "VC", "D", "V-c", "K", "K-"]
"""V verified in a published copy, VC recomputed, D derived or our own choice, V-c seen as a number inside a public program (somebody's
copy of a source that was not read), K recalled and unverified, K- uncertain."""
MARKS: tuple[Mark, ...] = get_args(Mark)
"""The surest first."""
UNVERIFIED: frozenset[Mark] = frozenset({"V-c", "K", "K-"})
