"""Translates words that the store keeps of transfers: stages, names of steps, units, kinds, heads of columns.

What is stored is English and part of hashes; the catalogue has each word under a context, such as `stage.weight`. What it
does not have is an id or a word of the scheme itself, and stays as it is.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gep.compensation.facts import ACCOUNT
from gep.compensation.own_texts import read_locator, read_notes
from gep.compensation.step_notes import say_note
from gep.messages.catalogue import list_keyed
from gep.messages.texts import say, say_in, translate
from gep.reference.services import CATEGORIES, SERVICE_TITLES
from gep.units.money import format_exact

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_KINDS = {
    "stage": "stage",
    "operation": "operation",
    "step_name": "step",
    "test": "step",
    "unit": "unit",
    "unit_given": "unit",
    "posting_kind": "posting",
    "fact_status": "fact",
    "bridge_part": "part",
    "act": "prepared",
    "decision": "prepared",
    "resting": "resting",
    "account_code": "subject",
    "account_from": "subject",
    "account_to": "subject",
}
"""Column of an answer → the context of its words."""
_FRACTION = re.compile(r"-?[0-9]+/[0-9]+|-?[0-9]+\.[0-9]{7,}")
"""An exact value that nobody reads: a fraction, or more decimals than people print."""
_STEPS_OF = {"paid in by ": "paid in by {payer}", "claim on ": "claim on {name}"}
"""How the stored name of a step begins that says of whom it is → the text it was made from."""
_BEHIND: tuple[tuple[re.Pattern[str], Callable[..., str]], ...] = (
    (re.compile(r", instalment (\d+) of (\d+)"), lambda at, count: say(", instalment {at} of {count}", at=at, count=count)),
    (re.compile(r": rest(?=$|[：；（])"), lambda: say(": rest")),
    (re.compile(r": residual(?=$|[：；（])"), lambda: say(": residual")),
    (re.compile(r"：(\d+) 期(?=$|[，；（])"), lambda count: say(": {count} periods", count=count)),
    (re.compile(r"，减去相反方向 (\d+) 期"), lambda count: say(", less {count} the other way", count=count)),
    (re.compile(r"（减）"), lambda: say(" (less)")),
)
"""What stands behind a scheme's own words in the reason of a posting, as it is stored, and how it is said."""


def say_stored(kind: str, stored: str, lang: str) -> str:
    """Return a stored word of a kind (`stage`, `step`, `unit`, ...) in a language; unknown ones as they are."""
    found = list_keyed().get(f"{kind}.{stored}")
    return stored if found is None else found[lang]


def say_step_name(stored: str, lang: str) -> str:
    """Return the stored name of a step in a language; a name that the scheme gave stays."""
    if stored.startswith(ACCOUNT):
        return translate(lang, "{name}, of the approved account", name=_name_figure(stored.removeprefix(ACCOUNT), lang))
    if lang == "zh":
        for begin, template in _STEPS_OF.items():
            if stored.startswith(begin):
                return say_in(template, lang).format(payer=stored[len(begin) :], name=stored[len(begin) :])
    return say_stored("step", stored, lang)


def _name_figure(of: str, lang: str) -> str:
    """Return what a category or service of an account is called."""
    if of in CATEGORIES:
        return CATEGORIES[of][lang]
    return SERVICE_TITLES[of][1][lang] if of in SERVICE_TITLES else of.upper()


def say_unit(unit: str, lang: str) -> str:
    """Return the unit of a step as it is printed: nothing for plain numbers."""
    return "" if unit == "1" else say_stored("unit", unit, lang)


def name_columns(columns: Sequence[str], lang: str) -> list[str]:
    """Return the heads of an answer's columns in a language; the code of a county stays."""
    return [say_stored("column", column, lang) for column in columns]


def say_reason(stored: str, lang: str) -> str:
    """Return the stored reason of a posting in a language: the scheme's own words, and what the program put behind them."""
    for pattern, make in _BEHIND:
        stored = pattern.sub(lambda found, make=make: say_in(make(*found.groups()), lang), stored)  # type: ignore[misc]
    return stored


def say_legal(stored: str, lang: str) -> str:
    """Return the stored legal bases of a registration, one a line, on one line in a language."""
    locators = sorted(read_notes(), key=len, reverse=True)
    lines = []
    for line in stored.splitlines():
        locator = next((one for one in locators if line.endswith(one)), "")
        lines.append(line.removesuffix(locator) + say_in(read_locator(locator), lang))
    return ("；" if lang == "zh" else "; ").join(lines)


def say_cell(column: str, cell: Any, lang: str) -> Any:
    """Return a cell of an answer in a language; what is no stored word of ours stays as it is."""
    if not isinstance(cell, str):
        return cell
    if (column == "value_exact" or column.isdecimal()) and _FRACTION.fullmatch(cell):
        return format_exact(Fraction(cell))
    if column == "note":
        return say_note(cell, lang)
    if column == "reason":
        return say_reason(cell, lang)
    if column == "locator":
        return say_in(read_locator(cell), lang)
    kind = _KINDS.get(column)
    if kind == "step":
        return say_step_name(cell, lang)
    return say_stored(kind, cell, lang) if kind else cell
