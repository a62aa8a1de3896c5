"""Notes beside stored steps: a code with its numbers in brackets, put into the reader's language when it is printed.

`[largest_remainder 1]` is stored, and printed as 最大余数，加 1 分 or as 1 fen by largest remainder. What stands outside brackets is
the scheme's own text. Steps stored by older versions have sentences there, which stay as they are.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gep.compensation.own_texts import read_own
from gep.explain.approved_figures import say_growth
from gep.messages.catalogue import list_keyed
from gep.messages.texts import say, say_in

if TYPE_CHECKING:
    from collections.abc import Callable

_STATUS = re.compile(r"(final|provisional|disputed|restated); ")
"""How the note of an input begins: the status of the fact."""
_MARKED = re.compile(r"(\[[A-Z][^\]]*\] )?(.+)", re.DOTALL)
"""The note of a constant: how far it is known, and the scheme's own text."""
_CODE = re.compile(r"\[([a-z_]+)((?: [^\[\]]+)?)\]")

_TEXTS: dict[str, Callable[..., str]] = {
    "largest_remainder": lambda fen: say("{fen} fen by largest remainder", fen=fen),
    "rounded_down": lambda: say("rounded down"),
    "passes": lambda count: say("{count} passes", count=count),
    "floor": lambda: say("held at its floor"),
    "cap": lambda: say("held at its cap"),
    "fund_goes_to_rest": lambda: say("the fund goes where its rest goes"),
    "highest": lambda: say("this class is taken"),
    "higher_is": lambda name: say("not paid: {name} is higher", name=name),
    "due": lambda amount: say("{amount} yuan were due", amount=amount),
    "capped": lambda: say("capped"),
    "at_most_left": lambda: say("no more than what is left"),
    "at_most_received": lambda: say("no more than what was received"),
    "term": lambda first, count: say("{count} instalments from {first} on", first=first, count=count),
    "instalment": lambda at, count, later: say("instalment {at} of {count}, {later} yuan later", at=at, count=count, later=later),
    "no_row": lambda value: say("no row: {value}", value=value),
    "no_row_skipped": lambda: say("no row: skipped"),
    "skipped": lambda: say("a figure it needs was skipped"),
    "no_row_carried": lambda: say("no row: as the period before"),
    "approved": lambda run, *who: say("approved account, run {run}, signed by {who}", run=run, who=" ".join(who)),
    "again": lambda year: say("computed again under the rules of {year}", year=year),
    "growth": say_growth,
    "indicators": lambda of, target, sha256: say(
        "from indicators {set} against the targets of {target}, edition {sha256}", set=of, target=target, sha256=sha256
    ),
    "supposed": lambda: say("supposed"),
}


def make_code(code: str, *numbers: object) -> str:
    """Return the stored form of a code and its numbers."""
    return f"[{' '.join([code, *map(str, numbers)])}]"


def say_note(note: str, lang: str) -> str:
    """Return a stored note in a language; a text that is not a code of this version stays as it is."""

    def said(found: re.Match[str]) -> str:
        try:
            return say_in(_TEXTS[found[1]](*found[2].split()), lang)
        except (KeyError, TypeError):
            return found[0]

    if lang == "zh" and (status := _STATUS.match(note)):
        note = f"{list_keyed()[f'fact.{status[1]}'].zh}；{note[status.end() :]}"
    note = _CODE.sub(said, note)
    own = _MARKED.fullmatch(note)
    return f"{own[1] or ''}{say_in(read_own(own[2]), lang)}" if own else note
