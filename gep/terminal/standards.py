"""Prints whole standards and the list of rules on a terminal, formulas as mathematics with their sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gep.messages.citing import cite
from gep.messages.layout import get_comma, wrap_text
from gep.messages.texts import mark_word, say_in, translate
from gep.messages.words import pick_language
from gep.units.registry import print_unit
from gep.variables.declare import DEPARTMENTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST_ROWS = 12
"""Values of a coefficient that are printed; `gep coefficients ID` has all."""


def print_choice(found: dict[str, Any], lang: str) -> Iterator[str]:
    """Yield which standard a store uses where none is named, and why the default is what it is.

    Parameters
    ----------
    found : what `gep.tasks.standard_choice.describe_choice` returned
    lang  : zh or en
    """
    template = "{store}: {standard}, chosen for this store" if found["kept"] else "{store}: {standard}, the default; nobody chose"
    yield from wrap_text(translate(lang, template, store=found["store"], standard=found["standard"]), "", "  ")
    yield from wrap_text(found["reason"][lang], "", "  ")
    yield from wrap_text(
        translate(lang, "gep standards choose ID keeps another: {names}", names=get_comma(lang).join(found["shipped"])), "", "  "
    )


def print_standard(found: dict[str, Any], lang: str) -> Iterator[str]:
    """Yield a standard: head, services with their formulas, sums, what is left out, symbols.

    Parameters
    ----------
    found : what `gep.standards.showing.describe_standard` returned
    lang  : zh or en
    """
    head = f"{found['id']}  {found['title'][lang]} {found['number']}".rstrip()
    yield from wrap_text(f"{head} [{found['mark']}]", "", "  ")
    yield from wrap_text(translate(lang, "source: {source}", source=found["source"]), "", "  ")
    if found["measures"] != "gep":
        yield from wrap_text(translate(lang, "its totals are not GEP: equivalent factors"), "", "  ")
    if found["physical"]:
        yield translate(lang, "quantities only: it has no prices")
    for note in found["notes"]:
        yield from wrap_text(pick_language(note, lang), "· ", "  ")
    if found["classes"]:
        yield from wrap_text(
            translate(lang, "classes of its own: {names}", names=get_comma(lang).join(found["classes"])), "", "  "
        )
    for service in found["services"]:
        yield ""
        clause = pick_language(service["clause"], lang)
        yield f"{service['title'][lang]}  {service['service']} [{service['mark']}] {clause}".rstrip()
        for line in service["lines"]:
            below = translate(lang, "may be negative") if line["negative"] else ""
            yield f"  – {line['title'][lang]}  {line['line']}  {below}".rstrip()
        for rule in service["rules"]:
            yield from _formula(rule, lang)
    yield ""
    for rule in found["sums"]:
        yield from _formula(rule, lang)
    if found["excluded"]:
        yield ""
        yield translate(lang, "not counted")
        for name, why in found["excluded"].items():
            yield from wrap_text(f"{name}: {pick_language(why, lang)}", "  ", "    ")
    yield ""
    yield translate(lang, "figures of counties")
    for one in found["variables"]:
        department = one["department"] if lang == "zh" else DEPARTMENTS.get(one["department"], one["department"])
        yield from wrap_text(f"{_leaf(one, lang)} · {department}", "  ", "      ")
    yield translate(lang, "parameters and prices")
    for one in found["coefficients"]:
        yield from wrap_text(_leaf(one, lang), "  ", "      ")
        for row in one["rows"][:MOST_ROWS]:
            members = " ".join(filter(None, (row["ecosystem"], row["pollutant"], row["product"])))
            text = f"{members} {row['value']:g} {print_unit(row['unit'])} ({row['region']}) {say_in(cite(row['source'], row['locator']), lang)} [{row['mark']}]"
            yield from wrap_text(text.strip(), "      ", "        ")
        if len(one["rows"]) > MOST_ROWS:
            yield f"      … {len(one['rows']) - MOST_ROWS}: gep coefficients {one['id']}"
        elif not one["rows"]:
            yield "      " + translate(lang, "no row shipped, to be entered")


def _leaf(one: dict[str, Any], lang: str) -> str:
    by = f" {_by(one['axes'], lang)}" if one["axes"] else ""
    return f"{one['symbol']}  {one['id']}  {one['title'][lang]} [{print_unit(one['unit'])}]{by}"


def _by(axes: Sequence[str], lang: str) -> str:
    return translate(lang, "by {axes}", axes=get_comma(lang).join(say_in(mark_word(axis), lang) for axis in axes))


def _formula(rule: dict[str, Any], lang: str) -> Iterator[str]:
    yield from wrap_text(f"{rule['formula']}   [{print_unit(rule['unit'])}]", "  ", "      ")
    source = say_in(cite(rule["source"], rule["clause"]) if rule["clause"] else rule["source"], lang)
    yield from wrap_text(
        f"{rule['title'][lang]} · {rule['rule']} ({rule['variant']}) · {source} [{rule['mark']}]", "      ", "        "
    )
    if rule["caution"]:
        yield from wrap_text(pick_language(rule["caution"], lang), "      ! ", "        ")


def print_rules(found: Sequence[dict[str, Any]], lang: str) -> Iterator[str]:
    """Yield services with their lines, rules and variants, and what each variant reads.

    Parameters
    ----------
    found : what `gep.standards.showing.list_all_rules` returned
    lang  : zh or en
    """
    for service in found:
        yield f"{service['title'][lang]}  {service['service']}"
        for line in service["lines"]:
            parts = " × ".join(filter(None, (" | ".join(line["quantities"]), " | ".join(line["prices"]))))
            yield from wrap_text(f"{line['line']}  {line['title'][lang]}: {parts} → {line['value']}", "  – ", "      ")
            said = [translate(lang, "may be negative")] if line["negative"] else []
            said += [translate(lang, "counts only where a standard names it")] if line["named_only"] else []
            if line["instead_of"]:
                said.append(translate(lang, "instead of {names}", names=get_comma(lang).join(line["instead_of"])))
            if said:
                yield from wrap_text(get_comma(lang).join(said), "      ", "      ")
        for rule in service["rules"]:
            by = f" {_by(rule['axes'], lang)}" if rule["axes"] else ""
            yield from wrap_text(f"{rule['rule']}  {rule['title'][lang]} [{print_unit(rule['unit'])}]{by}", "  ", "      ")
            for way in rule["variants"]:
                taken = "*" if way["variant"] == rule["chosen"] else " "
                yield from wrap_text(
                    f"{taken} {way['variant']}  {way['way'][lang]}  {say_in(cite(way['source'], way['clause']), lang)} [{way['mark']}]",
                    "    ",
                    "        ",
                )
                yield from wrap_text(way["formula"], "        ", "          ")
                read = [*way["rests_on"], *way["reads"]]
                if read:
                    yield from wrap_text(translate(lang, "reads {names}", names=", ".join(read)), "        ", "          ")
