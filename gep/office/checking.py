"""The findings of drafts, kept until a draft changes: many look at a form, few change it, and a check of all cells takes its time."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from gep.messages.texts import translate
from gep.office.account_year import check_draft, make_figure
from gep.office.drafts import read_draft, read_stamp
from gep.office.forms import find_form_of
from gep.reference.members import name_member
from gep.rules.catalogue import COEFFICIENTS
from gep.units.registry import print_unit_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gep.messages.findings import Finding
    from gep.office.database import Office
    from gep.store.store import Store

KEPT = 500
"""Drafts whose findings are kept."""


class Checker:
    """Checks whole drafts, one at a time, and keeps what was found until the draft changes."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, int], tuple[tuple[int, ...], list[Finding]]] = {}
        self._turn = threading.Lock()

    def check(self, office: Office, store: Store, county: str, year: int) -> list[Finding]:
        """Return all findings of a draft, A first, as `check_draft` has them."""
        stamp = read_stamp(office, county, year)
        kept = self._found.get((county, year))
        if kept is not None and kept[0] == stamp:
            return kept[1]
        with self._turn:
            stamp = read_stamp(office, county, year)
            kept = self._found.get((county, year))
            if kept is None or kept[0] != stamp:
                kept = stamp, check_draft(office, store, county, year)
                if len(self._found) >= KEPT:
                    self._found.pop(next(iter(self._found)))
                self._found[county, year] = kept
        return kept[1]


def place_findings(findings: list[Finding], office: Office, county: str, year: int) -> dict[tuple[str, str], list[Finding]]:
    """Return the findings that stand at a cell of a draft, by its key."""
    keys = {make_figure(cell).address: key for key, cell in read_draft(office, county, year).items()}
    found: dict[tuple[str, str], list[Finding]] = {}
    for one in findings:
        key = keys.get(one.problem.file)
        if key is not None:
            found.setdefault(key, []).append(one)
    return found


def list_needed(findings: list[Finding], form: str) -> list[Mapping[str, Any]]:
    """Return what services still need of a form, each figure once, from the list that `gep check` prints.

    Parameters
    ----------
    form : its Chinese name

    Returns
    -------
    the details of the findings `needed`, with `services`: all that need the figure, as their details say
    """
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for finding in findings:
        for one in finding.details if finding.code == "needed" else ():
            if find_form_of(one["id"]) != form or (one["kind"] == "index" and one["id"] in COEFFICIENTS):
                continue
            members = str(one["members"])
            found.setdefault((one["id"], members), {**one, "services": []})["services"].append(one)
    return list(found.values())


def say_need(need: Mapping[str, Any], lang: str) -> str:
    """Return what is needed in a sentence: title, unit, members, and the services and shown figures that need it."""
    members = [" × ".join(_name(one, lang) for one in member.values() if one) for member in need["members"]]
    whom = [one for one in members if one]
    if not whom and need["each"]:
        whom = [translate(lang, "each member the county has")]
    years = [str(one) for one in need["years"]]
    services = dict.fromkeys(one[f"service_{lang}"] for one in need["services"])
    comma = "、" if lang == "zh" else ", "
    return translate(
        lang,
        "{title} ({unit}){members}, for {services}",
        title=need[f"title_{lang}"],
        unit=print_unit_in(need["unit"], lang) or "1",
        members=(": " if lang == "en" else "：") + comma.join([*whom, *years]) if whom or years else "",
        services=comma.join(services),
    )


def _name(identity: str, lang: str) -> str:
    member = name_member(identity)
    return str(getattr(member, "zh", member)) if lang == "zh" else str(member)
