"""Prints standards, coefficients and the glossary of inputs on a terminal."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Any

from gep.messages.citing import cite, say_cited
from gep.messages.layout import get_comma, pad, wrap_text
from gep.messages.texts import Text, join_list, say_in, translate
from gep.reference.members import find_member_title
from gep.reference.services import SERVICE_TITLES
from gep.rules.catalogue import COEFFICIENTS
from gep.units.registry import print_unit_in
from gep.variables.declare import DEPARTMENTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def print_standards(found: Sequence[dict[str, Any]], lang: str) -> Iterator[str]:
    """Yield two lines a standard: id, mark, title and number; services counted and statements that are not verified.

    Parameters
    ----------
    found : what `gep.standards.differences.list_standards` returned
    lang  : zh or en
    """
    for one in found:
        mark = say_in(one["mark"], lang)
        yield f"{one['id']:<16} [{mark}] {one['title'][lang]} {one['number']}".rstrip()
        yield " " * 17 + translate(
            lang,
            "{services} services, {unverified} statements unverified",
            services=one["services"],
            unverified=one["unverified"],
        )


def print_differences(
    one: str, other: str, found: Sequence[dict[str, Any]], unverified: Sequence[str], lang: str
) -> Iterator[str]:
    """Yield line by line what differs between two standards, and what is verified in neither.

    Parameters
    ----------
    one, other : ids of the standards
    found      : what `gep.standards.differences.list_differences` returned
    unverified : what is verified in neither
    lang       : zh or en
    """
    yield f"{one}  →  {other}"
    for part in found:
        yield from wrap_text(say_difference(part["what"], lang), "", "  ")
        yield from wrap_text(f"{say_statement(part[one], lang)}  →  {say_statement(part[other], lang)}", "    ", "      ")
    if not found:
        yield translate(lang, "no difference")
    yield translate(lang, "unverified in both: {count}", count=len(unverified))
    for text in unverified:
        yield from wrap_text(say_difference(text.removeprefix("unverified "), lang), "    ", "      ")


_DIFFERENCES = {
    r"unverified (?P<what>.+)": "unverified {what}",
    r"service (?P<name>\S+)": "service {name}",
    r"lines (?P<name>\S+)": "lines {name}",
    r"ecosystems (?P<name>\S+)": "ecosystems {name}",
    r"pollutants (?P<name>\S+)": "pollutants {name}",
    r"variant (?P<name>\S+)": "variant {name}",
    r"coefficient (?P<name>.+)": "coefficient {name}",
    r"price (?P<name>.+)": "price {name}",
    r"index prices": "index of prices",
    r"roll-up (?P<name>.+)": "roll-up {name}",
    r"(?P<name>\S+) is counted(?P<mark>.*)": "{name} is counted{mark}",
    r"formula of (?P<name>.+)": "formula of {name}",
    r"(?P<name>\S+) by (?P<variant>.+)": "{name} by {variant}",
}
"""How a difference of standards begins, as it is given in JSON → the text that says it."""
_STATEMENTS = {
    r"(?P<before>.*), set (?P<name>\S+)": "{before}, set {name}",
    r"set (?P<name>\S+)": "set {name}",
    r"in \[(?P<mark>.+)\]": "in [{mark}]",
}


def say_difference(text: str, lang: str) -> str:
    """Return what differs between two standards in the words of a language."""
    if isinstance(text, Text):
        return say_in(text, lang)
    for pattern, template in _DIFFERENCES.items():
        if found := re.fullmatch(pattern, text):
            parts = found.groupdict()
            if "what" in parts:
                parts["what"] = say_difference(parts["what"], lang)
            elif parts.get("name", "") in SERVICE_TITLES and lang == "zh":
                parts["name"] = f"{SERVICE_TITLES[parts['name']][1].zh}（{parts['name']}）"
            return translate(lang, template, **parts)
    return say_in(text, lang)


def say_statement(text: str, lang: str) -> str:
    """Return what a standard says where two differ, in the words of a language."""
    for pattern, template in _STATEMENTS.items():
        if found := re.fullmatch(pattern, text):
            return translate(lang, template, **found.groupdict())
    return say_in(text, lang).replace(", ", get_comma(lang))


def print_coefficients(found: Sequence[dict[str, Any]], lang: str) -> Iterator[str]:
    """Yield one line a coefficient: id, unit, how many rows it has, title.

    Parameters
    ----------
    found : what `gep.standards.glossary.list_coefficients` returned
    lang  : zh or en
    """
    for one in found:
        rows = translate(lang, "{count:>3} rows", count=one["rows"])
        yield f"{one['id']:<30} {pad(one['unit'], 14)} {rows}  {one['title'][lang]}"


def print_coefficient_rows(rows: Sequence[dict[str, Any]], lang: str) -> Iterator[str]:
    """Yield two lines a row of a coefficient: whether it wins, value, unit and members; source and address.

    Parameters
    ----------
    rows : what `gep.standards.glossary.list_coefficient_rows` returned
    lang : zh or en
    """
    for one in rows:
        members = " ".join(filter(None, (one["ecosystem"], one["pollutant"], one["product"])))
        spread = f" ({one['low']:g}–{one['high']:g})" if one["low"] is not None and one["high"] is not None else ""
        status = pad(say_in(one["status"], lang), 7)
        which = translate(lang, "set {name}", name=one["set"])
        mark = say_in(one["mark"], lang)
        yield f"{status} {one['value']:g} {print_unit_in(one['unit'], lang)}{spread}  {one['region']} {members} [{mark}] {which}"
        cited = say_in(cite(one["source"], one["locator"]), lang)
        yield "        " + "; ".join(filter(None, (cited, one["address"], say_cited(one["note"], lang))))
    if not rows:
        yield translate(lang, "no row is shipped; enter the county's own value under this id")


def print_gaps(found: Sequence[dict[str, Any]], lang: str) -> Iterator[str]:
    """Yield what no table has: a line a service and coefficient, below it the types with one reason together.

    Parameters
    ----------
    found : what `gep.standards.gaps.list_gaps` returned
    lang  : zh or en
    """
    for (service, coefficient), rows in groupby(found, lambda one: (one["service"], one["coefficient"])):
        yield f"{SERVICE_TITLES[service][1][lang]} · {COEFFICIENTS[coefficient].title[lang]} ({coefficient})"
        together: dict[tuple[str, ...], list[str]] = {}
        for one in rows:
            key = (one["reason"][lang], *one["pollutants"], "", *one["regions"])
            title = (
                find_member_title("ecosystem", one["ecosystem"])[lang] if one["ecosystem"] else translate(lang, "(every type)")
            )
            together.setdefault(key, []).append(title)
        for key, types in together.items():
            reason, rest = key[0], key[1:]
            pollutants, regions = rest[: rest.index("")], rest[rest.index("") + 1 :]
            yield from wrap_text(say_in(join_list(types), lang), "  ", "  ")
            if pollutants:
                names = say_in(join_list(find_member_title("pollutant", name)[lang] for name in pollutants), lang)
                yield from wrap_text(translate(lang, "without a value of {names}", names=names), "    ", "    ")
            if regions:
                yield translate(lang, "    only for {regions}", regions=", ".join(regions))
            yield from wrap_text(reason or translate(lang, "no reason is known"), "    ", "    ")
    if not found:
        yield translate(lang, "every coefficient that the standard looks up has a value")


def print_variables(found: Sequence[dict[str, Any]], lang: str, *, whole: bool) -> Iterator[str]:
    """Yield the entries of the glossary of inputs: id, unit, axes, title, department, services.

    Parameters
    ----------
    found : what `gep.standards.glossary.list_variables` returned
    lang  : zh or en
    whole : with the explanation of each, which is in Chinese only
    """
    for one in found:
        axes = join_list([say_in(axis, lang) for axis in one["axes"]])
        by = translate(lang, " by {axes}", axes=axes) if one["axes"] else ""
        yield f"{one['id']}  [{one['unit']}]{by}"
        department = one["department"] if lang == "zh" else DEPARTMENTS.get(one["department"], one["department"])
        yield f"  {one['title'][lang]} · {department}"
        if whole and lang == "zh":  # the glossary explains in Chinese only
            yield from wrap_text(one["about"], "  ", "  ")
        if one["services"]:
            names = [SERVICE_TITLES[service][1][lang] if service in SERVICE_TITLES else service for service in one["services"]]
            yield from wrap_text(say_in(join_list(names), lang), "  ", "  ")
        if one["standards"]:
            said = translate(lang, "declared by {names}", names=say_in(join_list(one["standards"]), lang))
            yield from wrap_text(said, "  ", "  ")
