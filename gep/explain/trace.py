"""A trace for handing out: who, when, from which inputs, and every step down to the cells; as values, text or HTML."""

from __future__ import annotations

from dataclasses import asdict, field
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from gep.account.missing import explain_missing
from gep.account.status import ACCOUNTED, QUANTITY
from gep.explain.conversions import say_conversion
from gep.explain.explain import COUNTY, GROUP, TYPE, explain, explain_quantities, explain_service, explain_shown
from gep.explain.rebuild import MEMBERS, print_address, rebuild
from gep.files.page import render_page
from gep.formula.show import show_number
from gep.formula.walk import list_leaves
from gep.messages.citing import cite
from gep.messages.layout import get_colon, pad
from gep.messages.problems import refuse_one
from gep.messages.suggest import suggest_nearest
from gep.messages.texts import join_list, say, say_in, translate
from gep.messages.words import STATUS, pick_language
from gep.records import dataclass
from gep.reference.members import find_member_title, is_ecosystem, read_ecosystems
from gep.reference.services import SERVICE_TITLES
from gep.rules.catalogue import SERVICES, list_rules
from gep.rules.service import SHOWN
from gep.store.accounts import describe_unknown_service
from gep.store.results import read_names, read_statuses
from gep.units.currencies import read_currency_of, show_money_in
from gep.units.registry import print_unit_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gep.explain.explain import Explained, Origin
    from gep.explain.rebuild import RecomputedAccount
    from gep.formula.nodes import Leaf
    from gep.store.keys import AccountKey
    from gep.store.rows import Connection

OF_THE_TOTAL = 4
"""The total is explained down to its categories."""
HASHES = ("inputs_sha256", "coefficients_sha256", "rules_sha256", "results_sha256")


@dataclass(frozen=True)
class Trace:
    """A value explained, with the run it belongs to."""

    county: str
    name_zh: str
    name_en: str
    year: int
    standard: str
    run: int
    made_at: str
    program: str
    hashes: dict[str, str]
    steps: tuple[Explained, ...]
    service: str = ""
    status: str = ""
    """`accounted`, `no data`, `not applicable` or `excluded`; empty for the total."""
    missing: str = ""
    reason: str = ""
    unread: tuple[dict[str, str], ...] = ()
    """Figures as given that nothing reads under the standard, with their members and places."""
    physical: bool = False
    """Whether the standard has no prices: the quantities stand in the place of a total."""
    own: Mapping[str, Leaf] = field(default_factory=dict)
    """Figures and parameters that the standard declares, by id."""

    def as_dict(self) -> dict[str, Any]:
        """Return the trace as plain values."""
        head = {name: getattr(self, name) for name in ("county", "year", "standard", "run", "made_at", "program")}
        of_service = {name: getattr(self, name) for name in ("service", "status", "missing", "reason")} if self.service else {}
        steps = show_money_in([asdict(step) for step in self.steps], read_currency_of(self.standard))
        return {**head, **of_service, **self.hashes, "steps": steps, "unread": list(self.unread)}


def make_trace(connection: Connection, place: AccountKey, service: str | None, cell: str | None) -> Trace:
    """Return the explanation of a service, or of the total, from what the store keeps of the run.

    Parameters
    ----------
    service : id or Chinese name, or id of a figure that the standard only shows; None: the total
    cell    : id or Chinese name of an ecosystem type; None: all

    Raises
    ------
    Problems : the account's standard counts no such service, or there is no such ecosystem type
    """
    account = rebuild(connection, place.run, place.account)
    service = _SERVICE_IDS.get(service or "", service)
    of_shown = service if service in {step.rule.id for step in account.steps if step.variant == SHOWN} else None
    rule = "gep.total" if service is None else of_shown or f"{service}.value"
    if rule not in account.evaluation.steps:
        raise describe_unknown_service(service or "", account.evaluation.steps)
    of = None if cell is None else _ecosystem(cell)
    if of_shown is not None:
        steps, service = explain(account, of_shown, of), None
    elif service is None:
        steps = explain_quantities(account, of) if account.standard.physical else explain(account, rule, of)[:OF_THE_TOTAL]
        steps += explain_shown(account, "", of)
    else:
        steps = [*explain_service(account, service, of), *explain_shown(account, service, of)]
    zh, en = read_names(connection, place.county, place.year)
    head = account.head
    return Trace(
        place.county,
        zh,
        en,
        place.year,
        place.standard,
        place.run,
        f"{head['made_at']:%Y-%m-%d %H:%M}",
        str(head["program"]),
        {name: str(head[name]) for name in HASHES},
        tuple(steps),
        *(_standing(connection, place, service) if service else ("", "", "", "")),
        _list_unread(account, service),
        account.standard.physical,
        account.standard.own.leaves,
    )


def _standing(connection: Connection, place: AccountKey, service: str) -> tuple[str, str, str, str]:
    """Return a service with its status, what it lacks, and why it does not apply."""
    found = read_statuses(connection, place).get(service)
    return (service, found.status, found.missing, found.reason) if found else ("", "", "", "")


def explain_not_accounted(trace: Trace, lang: str) -> str:
    """Return a sentence saying why a service has no value; empty where it has one, and for the total."""
    if trace.status in {"", ACCOUNTED, QUANTITY}:
        return ""
    why = pick_language(trace.reason, lang) or explain_missing(trace.missing, lang, trace.year, trace.own)
    return get_colon(lang).join((SERVICE_TITLES[trace.service][1][lang], STATUS[trace.status][lang], why))


_SERVICE_IDS = {title.zh: name for name, (_, title) in SERVICE_TITLES.items()}
"""Chinese name of a service → its id."""


def _ecosystem(cell: str) -> str:
    """Return the id of an ecosystem type named by id or in Chinese."""
    known = read_ecosystems()
    found = next((name for name, member in known.items() if cell in {name, member.title.zh}), None)
    if found is None and is_ecosystem(cell):
        return cell
    if found is None:
        refuse_one(
            "--cell",
            say("there is no ecosystem type {cell!r}", cell=cell),
            say("one of {names}", names=join_list(known)),
            suggest_nearest(cell, [*known, *(member.title.zh for member in known.values())]),
        )
    return found


_LEVELS = {TYPE: "figure of the type", GROUP: "figure of the group", COUNTY: "figure of the county"}


def describe_choice(origin: Origin, lang: str) -> str:
    """Return the level of a figure and the figures it was preferred to; empty where neither is known."""
    level = translate(lang, _LEVELS[origin.level]) if origin.level else ""
    if level and origin.beaten:
        return translate(lang, "{level}, preferred to {rows}", level=level, rows=origin.beaten)
    return level or f"{translate(lang, 'preferred to')} {origin.beaten}"


def explain_unread(trace: Trace, lang: str) -> list[str]:
    """Return a line for each figure of the service, or of the account, that nothing reads; none without such figures."""
    found = []
    for one in trace.unread:
        members = " ".join(find_member_title(axis, one[axis])[lang] for axis in MEMBERS if one[axis])
        name = " ".join(filter(None, (one["variable"], members)))
        given = f"{one['value_given']} {one['unit_given']}".strip()
        text = "{name} = {given}, {place}: read by nothing under this standard"
        if one["whole"]:
            text = "{name} = {given}, {place}: agrees with its parts, which are counted in its place"
        found.append(translate(lang, text, name=name, given=given, place=one["place"]))
    return found


def _list_unread(account: RecomputedAccount, service: str | None) -> tuple[dict[str, str], ...]:
    """Return the figures that nothing reads: of the account, or those that some way to compute a service would read."""
    rows = account.unread
    if service in SERVICES:
        rules = list_rules(SERVICES[service])
        leaves = {leaf.id for rule in rules for way in rule.variants.values() for leaf in list_leaves(way.expression)}
        rows = [row for row in rows if row["variable"] in leaves]
    names = ("variable", *MEMBERS, "value_given", "unit_given")
    return tuple(
        {**{name: str(row[name] or "") for name in names}, "place": print_address(row), "whole": "whole" if row["whole"] else ""}
        for row in rows
    )


def hash_lines(trace: Trace, lang: str) -> Iterator[str]:
    """Yield the run and the hashes that a printed trace ends with."""
    yield f"{translate(lang, 'run {run}', run=trace.run)}  {trace.standard}  gep {trace.program}  {trace.made_at} UTC"
    for name, value in trace.hashes.items():
        yield f"{pad(translate(lang, name.removesuffix('_sha256')), 13)} {value}"


_WORDS = {
    "zh": {"title": "追溯", "what": "数值", "given": "填报值与换算", "place": "出处", "source": "来源"},
    "en": {"title": "Trace", "what": "number", "given": "as given, and steps", "place": "place", "source": "source"},
}


def write_page(trace: Trace, lang: str) -> str:
    """Return the trace as one HTML page that needs nothing else; everything from inputs is escaped."""
    words = _WORDS[lang]
    name = trace.name_zh if lang == "zh" else trace.name_en
    return (
        render_page(
            "trace.html",
            lang=lang,
            words=words,
            title=f"{words['title']} {name} {trace.county} {trace.year}",
            lacking=explain_not_accounted(trace, lang),
            steps=[_show_step(step, lang) for step in trace.steps],
            unread=explain_unread(trace, lang),
            hashes=list(hash_lines(trace, lang)),
        )
        + "\n"
    )


def _show_step(step: Explained, lang: str) -> dict[str, Any]:
    title = step.title_zh if lang == "zh" else step.title_en
    return {
        "title": title + (f" [{step.members}]" if step.members else ""),
        "rule": f"{step.rule} ({step.variant})",
        "formula": Markup(step.html),
        "numbers": step.numbers,
        "value": f"{show_number(step.value)} {print_unit_in(step.unit, lang)}",
        "source": f"{say_in(cite(step.source, step.clause), lang)} [{step.mark}]",
        "rows": [_show_origin(origin, lang) for origin in step.origins],
    }


def _show_origin(origin: Origin, lang: str) -> tuple[str, str, str, str]:
    title = origin.title_zh if lang == "zh" else origin.title_en
    what = (
        f"{origin.symbol} {origin.members}".strip()
        + f" = {show_number(origin.value)} {print_unit_in(origin.unit, lang)}".rstrip()
    )
    source = say_in(origin.source, lang) + (f" [{origin.mark}]" if origin.mark else "")
    if origin.beaten or origin.level:
        source += f"; {describe_choice(origin, lang)}"
    given = f"{print_unit_in(origin.as_given, lang)} {say_conversion(origin.steps, lang)}".rstrip()
    return f"{what} {title}", given, origin.address, source
