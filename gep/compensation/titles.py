"""What the names of a scheme are called on paper and on a page: by the scheme itself, or by the shipped list of titles.

Titles stand in a list beside the shipped schemes and not in them, so that a title can be put right without a new version
of a scheme that stores have registered.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from gep.compensation.stored_words import say_step_name, say_stored
from gep.files.lists import read_list
from gep.messages.texts import Name, holds_chinese
from gep.messages.title import Title
from gep.paths import LISTS

if TYPE_CHECKING:
    from gep.compensation.scheme import Scheme


def find_title(scheme: Scheme, name: str, lang: str = "zh") -> str:
    """Return what an input, constant or value is called in a language: its title, otherwise its id.

    A title in Chinese alone is not shown to a reader of English, to whom the id says more.
    """
    of_input = scheme.inputs.get(name)
    own = (of_input.title if of_input is not None else "") or scheme.titles.get(name) or read_titles().get((scheme.id, name))
    if not own:
        return name
    if isinstance(own, str):
        return name if lang == "en" and holds_chinese(own) else own
    return own.zh if lang == "zh" else own.en


def name_in_both(scheme: Scheme, name: str) -> Name:
    """Return a name for a message: in Chinese its title, the id behind it in brackets; in English the id."""
    title = find_title(scheme, name)
    return Name(name, f"{title}（{name}）" if title != name else name)


def name_step(scheme: Scheme, stage: str, name: str, lang: str) -> str:
    """Return the name of a step of a computation in a language.

    Parameters
    ----------
    stage : input, constant, value, or one of money
    """
    if stage == "input":
        own = next((at for at, one in scheme.inputs.items() if name in {at, one.indicator}), name)
        title = find_title(scheme, own, lang)
        return title if title != own else say_step_name(name, lang)
    return find_title(scheme, name, lang) if stage in {"value", "constant"} else say_step_name(name, lang)


def name_operation(scheme: Scheme, stored: str, lang: str) -> str:
    """Return the name of the operation of a step: its title, that of the fund it fills, or the word of the program for it."""
    own = next((one.title for one in scheme.rule if one.name == stored), "")
    fund = scheme.funds.get(stored.removeprefix("fund_")) if stored.startswith("fund_") else None
    title = own or (fund.title if fund is not None else "")
    return say_stored("operation", stored, lang) if not title or (lang == "en" and holds_chinese(title)) else title


@cache
def read_titles() -> dict[tuple[str, str], Title]:
    """Return scheme and name → title, of the shipped list; do not change them."""
    return {(row["scheme"], row["name"]): Title(row["zh"], row["en"]) for row in read_list(LISTS / "scheme_titles.csv")}
