"""The queue of a reviewer: what waits for a signature, what is out of the ordinary first; and many signed with one note."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from gep.messages.numbers import is_known
from gep.messages.problems import Problem, Problems
from gep.messages.texts import say
from gep.office.account_year import sign_draft
from gep.reference.periods import comes_before
from gep.reference.regions import find_level, find_province, name_region
from gep.review.outliers import LEAST_OTHERS, MOST_Z, NORMAL, PAST_FACTOR
from gep.store.accounts import list_page
from gep.store.newest import read_newest
from gep.store.results import count_open_findings
from gep.store.signing import SUBMITTED, hash_accounts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gep.messages.texts import Text
    from gep.office.database import Office
    from gep.office.rights import Person
    from gep.store.accounts import AccountHead
    from gep.store.store import Store

PAGE = 50
SURE = 16
"""Digits of a hash that a signature of many must name at least."""
"""Accounts on a page of the queue."""


@dataclass(frozen=True)
class Waiting:
    """An account that waits, and what is out of the ordinary about it, each a sentence; `ratio` to the year before."""

    head: AccountHead
    sha256: str
    exceptions: tuple[Text, ...]
    ratio: float | None


@dataclass(frozen=True)
class Queue:
    """One page of the queue; `exceptional` of the `count` have something out of the ordinary."""

    rows: tuple[Waiting, ...]
    count: int
    exceptional: int
    page: int
    pages: int
    years: tuple[int, ...]


def list_queue(store: Store, person: Person, *, prefix: str = "", year: int | None = None, page: int = 1) -> Queue:
    """Return a page of the accounts that wait for review in a person's place, those with exceptions first.

    Parameters
    ----------
    prefix : first digits of the codes that are asked for; empty: all of the person's place
    year   : None: all years
    page   : from 1
    """
    with store:
        asked = {
            _find_part(person, one.county)
            for several in read_newest(store).values()
            for one in several
            if one.state == SUBMITTED and person.sees(one.county)
        }
        every = [one for part in sorted(asked) for one in _list_below(store, part) if person.sees(one.county)]
        every = list({one.key: one for one in every}.values())  # a part may lie in another
        waiting = [one for one in every if one.state == SUBMITTED and one.county.startswith(prefix)]
        open_findings = count_open_findings(store, [one.key for one in waiting])
        years = tuple(sorted({one.year for one in waiting}, reverse=True))
        chosen = [one for one in waiting if year is None or one.year == year]
        around = _Around(every)
        judged = [around.judge(one, open_findings.get((one.run, one.account), (0, 0))) for one in chosen]
        judged.sort(key=lambda one: (-len(one.exceptions), one.head.county, -one.head.year))
        pages = max(1, -(-len(judged) // PAGE))
        page = min(max(page, 1), pages)
        shown = judged[(page - 1) * PAGE : page * PAGE]
        hashes = hash_accounts(store, [(one.head.run, one.head.account) for one in shown]) if shown else {}
    return Queue(
        tuple(Waiting(one.head, hashes[one.head.run, one.head.account], one.exceptions, one.ratio) for one in shown),
        len(judged),
        sum(bool(one.exceptions) for one in judged),
        page,
        pages,
        years,
    )


def _find_part(person: Person, code: str) -> str:
    """Return the beginning of codes under which an account is looked for: of the person's place or a province, else its own code."""
    if person.prefix and code.startswith(person.prefix):
        return person.prefix
    province = find_province(code)
    return province if province and code.startswith(province) else code


def _list_below(store: Store, prefix: str) -> list[AccountHead]:
    return store.remember(("below", prefix), lambda: list_page(store, prefix))


def _find_peers(code: str) -> tuple[str, str]:
    """Return what units must have in common to be held against each other: their province and their kind."""
    return find_province(code), find_level(code)


class _Around:
    """All accounts of a place by what one of them is held against."""

    def __init__(self, every: Iterable[AccountHead]) -> None:
        self.by_county: dict[tuple[str, str], list[AccountHead]] = {}
        self.densities: dict[tuple[tuple[str, str], int, str], dict[str, float]] = {}
        for one in every:
            self.by_county.setdefault((one.county, one.standard), []).append(one)
            if is_known(one.gep_per_km2) and one.gep_per_km2 > 0:
                same = self.densities.setdefault((_find_peers(one.county), one.year, one.standard), {})
                same[one.county] = math.log(one.gep_per_km2)

    def judge(self, head: AccountHead, found: tuple[int, int]) -> Waiting:
        """Return what is out of the ordinary: findings, the year before, counties of the same province, coverage."""
        said = []
        errors, warnings = found
        if errors:
            said.append(say("{count} open findings of grade A", count=errors))
        if warnings:
            said.append(say("{count} findings of grade B without explanation", count=warnings))
        before = [one for one in self.by_county[head.county, head.standard] if comes_before(one.year, head.year)]
        ratio = None
        if before and is_known(before[-1].gep) and before[-1].gep > 0 and is_known(head.gep):
            ratio = head.gep / before[-1].gep
            if not 1 / PAST_FACTOR <= ratio <= PAST_FACTOR:
                said.append(say("GEP is {ratio} times that of {year}", ratio=f"{ratio:.2f}", year=before[-1].year))
        if before and before[-1].services_accounted > head.services_accounted:
            fewer = before[-1].services_accounted - head.services_accounted
            said.append(say("{count} services fewer than in {year}", count=fewer, year=before[-1].year))
        said += self._beside(head)
        if head.services_accounted < head.services_counted / 2:
            said.append(say("only {done} of {all} services", done=head.services_accounted, all=head.services_counted))
        if head.voided_run is not None:
            said.append(say("takes the place of run {run}, which was approved", run=head.voided_run))
        return Waiting(head, "", tuple(said), ratio)

    def _beside(self, head: AccountHead) -> list[Text]:
        same = dict(self.densities.get((_find_peers(head.county), head.year, head.standard), {}))
        own = same.pop(head.county, None)
        if own is None or len(same) < LEAST_OTHERS:
            return []
        middle = median(same.values())
        spread = NORMAL * median(abs(one - middle) for one in same.values())
        if spread == 0 or abs(own - middle) / spread <= MOST_Z:
            return []
        return [say("per km² {ratio} times the median of the province", ratio=f"{math.exp(own - middle):.2f}")]


@dataclass(frozen=True)
class Choice:
    """An account that was chosen to be signed, with the hash that was looked at."""

    county: str
    year: int
    standard: str
    sha256: str


def read_choices_of_form(form: Iterable[str]) -> list[Choice]:
    """Return the accounts that a form names as `pick:361027:2022:ndrc-2022:HASH`; what is no such name is left out."""
    found = []
    for name in form:
        parts = name.split(":")
        if len(parts) == 5 and parts[0] == "pick" and parts[2].isdecimal() and len(parts[4]) >= SURE:  # noqa: PLR2004 - parts of the name
            found.append(Choice(parts[1], int(parts[2]), parts[3], parts[4]))
    return found


def sign_many(
    office: Office, store: Store, person: Person, choices: Iterable[Choice], step: str, note: str, address: str
) -> tuple[list[Choice], list[Problem]]:
    """Take a step with many accounts, each on its own hash; one that is refused does not stop the others.

    Returns
    -------
    The accounts that were signed, and the problems of the others, each with its place
    """
    done, problems = [], []
    for one in choices:
        try:
            sign_draft(office, store, one.county, one.year, step, person, note, one.sha256, address, one.standard)
            done.append(one)
        except Problems as refused:
            where = f"{name_region(one.county, one.year)} {one.year}"
            problems += [Problem(where, 0, found.found, found.expected, found.hint) for found in refused.problems]
    return done, problems
