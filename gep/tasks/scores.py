"""Scores and figures of indicators as facts of a scheme: computed from the figures handed in and from approved accounts."""

from __future__ import annotations

import hashlib
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from gep.compensation.account_figures import make_fact
from gep.compensation.facts import ACCOUNT, OF_INDICATORS, Fact, Facts
from gep.compensation.members import find_members
from gep.compensation.pinned_sets import find_set
from gep.indicators.assess import MET, NOT_MET
from gep.indicators.query import ask
from gep.indicators.sets import load_set
from gep.messages.problems import Problem, refuse, refuse_one
from gep.messages.texts import join_list, mark_word, say
from gep.tasks.account_figures import read_approved

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gep.compensation.checked import CheckedScheme
    from gep.compensation.scheme import FromIndicators
    from gep.indicators.assess import Assessed
    from gep.indicators.sets import IndicatorSet
    from gep.store.store import Store


def add_scores(ready: CheckedScheme, facts: Facts, year: int, figures: Sequence[Path], store: Store) -> Facts:
    """Return the facts with what indicators come to for every member, where the scheme takes scores; else the facts.

    Parameters
    ----------
    facts   : read from files, or those of a booked run, which holds scores already
    figures : tables of figures of indicators, as `gep indicators` takes them

    Raises
    ------
    Problems : figures that nothing asks for, no figures, a row that states a score, a member without a score and what it lacks,
        and everything that is wrong in the set or its figures
    """
    wanted = {name: one.indicators for name, one in ready.scheme.inputs.items() if one.indicators is not None}
    if figures and not wanted:
        refuse_one(
            "--indicators", say("{id} takes no scores of indicators", id=ready.scheme.id), "inputs with indicators: {set, target}"
        )
    rows = dict(facts.rows)
    digest = hashlib.sha256(facts.sha256.encode())
    problems: list[Problem] = []
    for name, one in wanted.items():
        stated = [fact for fact in facts.of(name).values() if not fact.file.startswith(OF_INDICATORS)]
        problems += [
            Problem(
                fact.file,
                fact.line,
                say(
                    "{name} of {place} is stated, and {id} computes it from indicators",
                    name=name,
                    place=fact.place,
                    id=ready.scheme.id,
                ),
                "no row",
                "--indicators FILE",
            )
            for fact in stated[:1]
        ]
        if stated or (facts.of(name) and not figures):
            continue
        found = _find_set(ready, one)
        digest.update(found.sha256.encode())
        rows[name] = {
            (fact.place, fact.year, ""): fact for fact in _score(ready, name, one, found, figures, year, store, problems)
        }
    refuse(problems)
    if not wanted:
        return facts
    for path in figures:
        digest.update(path.read_bytes())
    return Facts(rows, digest.hexdigest())


def _find_set(ready: CheckedScheme, one: FromIndicators) -> IndicatorSet:
    """Return the set that an input scores by.

    Raises
    ------
    Problems : there is none, it is not valid, or it is not the one that the scheme was registered with
    """
    found = load_set(str(find_set(ready.document, one.set)) if one.set.endswith((".yaml", ".yml")) else one.set)
    if one.sha256 and found.sha256 != one.sha256:
        scheme = ready.scheme
        refuse_one(
            one.set,
            say(
                "the set of indicators {set} is not the one that {id} {version} was registered with",
                set=one.set,
                id=scheme.id,
                version=scheme.version,
            ),
            say("a set with the hash {hash}", hash=one.sha256[:16]),
            "a changed set makes a new version of the scheme: register it with a reason",
        )
    return found


def _score(
    ready: CheckedScheme,
    name: str,
    one: FromIndicators,
    wanted: IndicatorSet,
    figures: Sequence[Path],
    year: int,
    store: Store,
    problems: list[Problem],
) -> list[Fact]:
    """Return what the set comes to for every place of the figures in the year; what a member lacks is a problem."""
    if not figures and not wanted.accounts:
        found = say("{name} is computed from figures of {set}, and there are none", name=name, set=wanted.id)
        problems.append(Problem("--indicators", 0, found, "--indicators FILE", "tables of figures, as gep indicators takes them"))
        return []
    if one.of and one.of not in {other.id for other in wanted.indicators}:
        found = say("{name} is of {of!r}, which is no indicator of {set}", name=name, of=one.of, set=wanted.id)
        problems.append(
            Problem(
                ready.document.file,
                ready.document.line(("inputs", name, "indicators")),
                found,
                say("one of {names}", names=join_list(other.id for other in wanted.indicators)),
            )
        )
        return []
    members = sorted(find_members(ready.scheme, year, set()).codes.values())
    asked = ask(wanted, figures, None, year, one.target, common=one.common == "yes", accounts=read_approved(store), also=members)
    untaken = {place for place, _ in asked.not_taken}
    if ready.scheme.inputs[name].missing == "refuse":
        problems += [problem for place, problem in asked.not_taken if place in members]
    facts = []
    for place in asked.found:
        number = _find_number(place, one)
        if number is None:
            if place.place in members and place.place not in untaken and ready.scheme.inputs[name].missing == "refuse":
                problems.append(_tell_lack(name, place, one))
            continue
        text = format(Decimal(repr(number)).quantize(Decimal(1).scaleb(-one.decimals), ROUND_HALF_EVEN), "f")
        rests = tuple(
            rest
            for (code, of_year, taken), figure in asked.taken.items()
            if (code, of_year) == (place.place, year)
            for rest in (make_fact(f"{ACCOUNT}{wanted.accounts[taken].of}", figure, wanted.accounts[taken].of),)
        )
        used = sorted({row.figure.address for row in place.rows if row.figure is not None and row.figure.address})
        source = f"[{OF_INDICATORS}{wanted.id} {one.target} {wanted.sha256[:12]}]; {', '.join(used[:3])}"
        facts.append(
            Fact(
                name,
                place.place,
                year,
                "",
                Fraction(text),
                text,
                ready.scheme.inputs[name].unit,
                "final",
                source,
                "",
                f"{OF_INDICATORS}{wanted.id}",
                0,
                rests,
            )
        )
    return facts


def _find_number(place: Assessed, one: FromIndicators) -> float | None:
    if not one.of:
        return place.score
    row = next(row for row in place.rows if row.indicator.id == one.of)
    judged = next(judged for judged in row.judged if judged.year == one.target)
    if one.figure == "score":
        return judged.score
    if one.figure == "met":
        return float(judged.status == MET) if judged.status in {MET, NOT_MET} else None
    return row.figure.number if row.figure is not None and not row.figure.bound else None


def _tell_lack(name: str, place: Assessed, one: FromIndicators) -> Problem:
    lacking = one.of or join_list(indicator.id for indicator, _ in place.lacking[:6])
    found = say(
        "{name} of {place} {year} has no {figure}: {lacking} lack",
        name=name,
        place=place.place,
        year=place.year,
        figure=mark_word(one.figure),
        lacking=lacking,
    )
    return Problem("--indicators", 0, found, "every figure and target it needs", "gep indicators PLACE YEAR shows what lacks")
