"""What messages say on pages: what to do in the browser for what to run in a terminal, titles without ids, places by name."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from gep.inputs.workbook.layout import list_known_members
from gep.messages.texts import Joined, Text, say, say_in
from gep.office.page_words import ON_PAGES
from gep.reference.regions import read_regions
from gep.reference.services import SERVICE_TITLES
from gep.rules.catalogue import COEFFICIENTS
from gep.units.registry import print_micro
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from gep.messages.problems import Problem, Problems

_ID = re.compile(r"（([A-Za-z][A-Za-z0-9_]*)(?:，([^（）]*))?）")
_COUNTY = re.compile(r"(?<![0-9])([0-9]{6})(?= (?:[0-9]{4}-)?([0-9]{4}) 年)")
_YEAR = re.compile(r"/(?:yr|a)(?![A-Za-z_])|(?<=[，0-9 ])yr(?![A-Za-z_])")
_MONEY = re.compile(r"(?<![A-Za-z])CNY(?:_([0-9]{4}))?(?![A-Za-z_])")


def turn_for_pages(text: str) -> str:
    """Return a message that tells people with a browser what to do; one that names no command stays as it is."""
    if isinstance(text, Text):
        return Text(ON_PAGES.get(text.template, text.template), {name: _turn_value(one) for name, one in text.values.items()})
    if isinstance(text, Joined):
        return Joined(map(turn_for_pages, text.parts), *text.between)
    return say(ON_PAGES[text]) if text in ON_PAGES else text


def say_on_page(text: str, lang: str) -> str:
    """Return a message in a language as pages print it.

    In Chinese ids behind a title are left out, units are 元/年 as in the forms, and an account is called by the name of its county.
    """
    said = print_micro(say_in(turn_for_pages(text), lang))
    return _print_chinese(said) if lang == "zh" else said


def list_on_page(problems: Problems) -> dict[str, list[dict[str, object]]]:
    """Return problems as plain values for the script of a page and for jobs, in both languages as pages print them."""
    return {"problems": [_turn_problem(one) for one in problems.problems]}


def _turn_problem(one: Problem) -> dict[str, object]:
    fields = ("found", "expected", "hint")
    english = {name: say_on_page(getattr(one, name), "en") for name in fields}
    return {**one.as_dict(), **english, **{f"{name}_zh": say_on_page(getattr(one, name), "zh") for name in fields}}


def _turn_value(value: object) -> object:
    return turn_for_pages(value) if isinstance(value, str) else value


def _print_chinese(said: str) -> str:
    said = _COUNTY.sub(lambda found: _name_county(found[1], int(found[2])), said)
    said = _MONEY.sub(lambda found: f"元({found[1]})" if found[1] else "元", said)
    said = _YEAR.sub(lambda found: "/年" if found[0].startswith("/") else "年", said)
    return _ID.sub(_drop_id, said) if "（" in said else said


def _drop_id(found: re.Match[str]) -> str:
    if found[1] not in _list_ids():
        return found[0]
    return f"（{found[2]}）" if found[2] and found[2] != "1" else ""


def _name_county(code: str, year: int) -> str:
    known = read_regions().get(code)
    return known.name("zh", year) if known else code


@cache
def _list_ids() -> frozenset[str]:
    """Return the ids that stand behind titles."""
    members = (one for _, one in list_known_members().values())
    return frozenset({*VARIABLES, *COEFFICIENTS, *SERVICE_TITLES, *members})
