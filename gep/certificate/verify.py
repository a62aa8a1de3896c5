"""Verifies a certificate: its checksums, then every unit step, every rule and every result computed again from the file alone."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from gep.account.binding import Binding
from gep.account.shown import tabulate_shown
from gep.account.tabulate import Tabulator
from gep.certificate.certificate import FORMAT, HEAD, VERSION
from gep.certificate.checksums import Difference, Written, find_differences, show_value
from gep.explain.rebuild import rebuild_from
from gep.files.reading import read_bounded
from gep.files.written_names import clean_text, find_unseen
from gep.files.written_numbers import narrow_digits
from gep.formula.check import derive_factor
from gep.formula.nodes import Coefficient, Rule
from gep.formula.show import show_equation
from gep.formula.stored import read
from gep.inputs.period_rows import find_shared_years
from gep.inputs.row_units import find_unit_step
from gep.messages.problems import Problem, Problems, RuleError
from gep.messages.texts import Text, mark_word, say
from gep.messages.title import Title
from gep.reference.periods import is_period
from gep.reference.services import CATEGORIES, SERVICE_TITLES
from gep.rules.catalogue import COEFFICIENTS, SERVICES
from gep.rules.service import SHOWN, Line, Service
from gep.standards.plan import Counted, Plan
from gep.store.record import StoredRecord, read_records
from gep.store.results import KEYS, RESULTS, SHOWN_TABLE
from gep.store.signing import ALLOWED, DRAFT, SUBMITTED, hash_results, is_same_person
from gep.units.registry import UnitError, find_factor, parse_unit, remove_price_year, scale_number
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from gep.explain.rebuild import RecomputedAccount
    from gep.formula.nodes import Leaf

LARGEST = 64 * 1024 * 1024
"""Bytes of the largest file that is read; a certificate of a full account has less than one megabyte."""
SAME = 1e-12
"""Relative difference below which numbers of another machine are the same: its exp and pow may round the last bits otherwise."""


@dataclass(frozen=True)
class Verification:
    """The result of verifying a certificate; it holds if there are no differences. `total` is in CNY/yr."""

    about: dict[str, Any]
    total: float | None
    measures: str
    """What the account has: gep, equivalents, or quantities without values."""
    events: list[dict[str, Any]]
    whole: str
    differences: tuple[Difference, ...]
    account_sha256: str = ""
    """Hash of the results as given, which a sign-off names."""
    inputs: int = 0
    coefficients: int = 0
    rules: int = 0
    numbers: int = 0
    """Numbers of the results that were computed again."""
    rounded: int = 0
    """How many of them agree to 12 digits but not to the last bit."""


def read_certificate(path: Path) -> dict[str, Any]:
    """Return the content of a certificate's file, numbers with the digits they were written in.

    Raises
    ------
    Problems : no such file, too large, not UTF-8, not JSON, or not a certificate
    """

    def refused(found: str, line: int = 0) -> Problems:
        return Problems([Problem(str(path), line, found, "a file made by gep certificate")])

    try:
        if path.stat().st_size > LARGEST:
            raise refused(
                say("the file has {size:,} bytes; at most {largest:,} are read", size=path.stat().st_size, largest=LARGEST)
            )
        text = read_bounded(path, LARGEST).decode("utf-8-sig")
        found = json.loads(text, parse_float=Written, parse_constant=_refuse_constant, object_pairs_hook=_unique)
    except OSError as error:
        raise refused(say("the file cannot be read: {why}", why=mark_word(error.strerror or type(error).__name__))) from None
    except UnicodeDecodeError as error:
        raise refused(say("the file is not UTF-8 at its byte {at:,}", at=error.start + 1)) from None
    except json.JSONDecodeError as error:
        raise refused(say("the file is not JSON from column {column} on", column=error.colno), error.lineno) from None
    except (ValueError, RecursionError) as error:
        why = mark_word("it is nested too deeply") if isinstance(error, RecursionError) else error.args[0]
        raise refused(say("the file is not JSON as this program writes it: {error}", error=why)) from None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        stated = show_value(found.get("format"))[:40] if isinstance(found, dict) else mark_word("missing")
        raise refused(say("format is {stated}, not {format!r}", stated=stated, format=FORMAT))
    return found


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        msg = say("{name!r} appears twice in one object", name=next(name for name in names if names.count(name) > 1))
        raise ValueError(msg)
    return found


def _refuse_constant(name: str) -> float:
    msg = say("{name} is not a number", name=name)
    raise ValueError(msg)


def verify(found: dict[str, Any]) -> Verification:
    """Return whether a certificate is what was written and follows from itself, or every place where it does not.

    Neither a store nor coefficient tables are asked; units are those of the program.

    Parameters
    ----------
    found : what `read_certificate` returned
    """
    places = (
        [Difference("version", show_value(found.get("version")), str(VERSION), "format")]
        if found.get("version") != VERSION
        else []
    )
    places += find_differences(found)
    whole = show_value(found.get("hashes", {}).get("whole") if isinstance(found.get("hashes"), dict) else None).strip('"')
    try:
        again = _recompute(_plain({name: section for name, section in found.items() if name != "hashes"}))
    except Exception as error:  # noqa: BLE001 - whatever a changed file may hold
        if not places:
            places = [
                Difference(
                    "",
                    say("it cannot be computed again: {kind}: {error}", kind=type(error).__name__, error=error),
                    say("an account"),
                    "format",
                )
            ]
        return Verification({}, None, "gep", [], whole, tuple(places))
    known = {place.path for place in places}
    places += [place for place in again.differences if place.path not in known]
    return Verification(
        again.about,
        again.total,
        again.measures,
        again.events,
        whole,
        tuple(places),
        again.account_sha256,
        again.inputs,
        again.coefficients,
        again.rules,
        again.numbers,
        again.rounded,
    )


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {key: _plain(one) for key, one in value.items()}
        case list():
            return [_plain(one) for one in value]
        case Written():
            return float(value)
    return value


def _recompute(found: dict[str, Any]) -> Verification:
    account = rebuild_from(_record_of(found))
    places: list[Difference] = []
    for at, step in enumerate(account.steps):
        row = found["rules"][at]
        if row["formula"] != show_equation(step.rule, step.formula):
            places.append(_again(f"rules[{at}].formula", row["formula"], show_equation(step.rule, step.formula)))
        try:
            by = derive_factor(step.rule, step.formula)
        except RuleError as error:
            places.append(_again(f"rules[{at}].tree", str(error).splitlines()[0], say("a formula whose units balance")))
        else:
            if not _agrees(by, step.factor):
                places.append(_again(f"rules[{at}].factor", step.factor, by))
    places += _inputs(found["inputs"], account.leaf, account.year)
    places += _coefficients(found["coefficients"], account.leaf)
    constant_year = found["about"]["constant_year"]
    constant = account.with_(prices=int(constant_year)) if constant_year is not None else None
    compared = [_compared(name, found["results"][name], rows) for name, rows in _tables(found, account, constant).items()]
    about = found["about"]
    signed = hash_results(about["county"], about["year"], about["standard"], found["results"])
    places += [
        _again(f"events[{at}].account_sha256", event["account_sha256"], signed)
        for at, event in enumerate(found["events"])
        if event["account_sha256"] != signed
    ]
    places += _sign_offs(found["events"])
    total = next((row["value"] for row in found["results"]["total_result"] if row["category"] == "gep"), None)
    return Verification(
        found["about"],
        total,
        "quantities" if account.standard.physical else account.standard.measures,
        found["events"],
        "",
        (*places, *(place for places, _, _ in compared for place in places)),
        signed,
        len(found["inputs"]),
        len(found["coefficients"]),
        len(account.steps),
        sum(one[1] for one in compared),
        sum(one[2] for one in compared),
    )


def _sign_offs(events: list[dict[str, Any]]) -> Iterator[Difference]:
    """Yield the steps of review that could not have been taken: out of order, before the step before, by the maker, or by nobody seen."""
    state, before = DRAFT, None
    for at, event in enumerate(events):
        kind, who = event["kind"], str(event["who"])
        if state not in ALLOWED.get(kind, ()):
            yield _again(f"events[{at}].kind", kind, say("a step that may follow {state}", state=mark_word(state)))
        if before is not None and str(event["happened_at"]) < str(before["happened_at"]):
            yield _again(f"events[{at}].happened_at", event["happened_at"], say("not before {at}", at=before["happened_at"]))
        if before is not None and kind != SUBMITTED and is_same_person(who, str(before["who"])):
            yield _again(f"events[{at}].who", who, say("another person than {who}", who=before["who"]))
        if not clean_text(who) or find_unseen(who):
            yield _again(f"events[{at}].who", who, say("a name that can be seen"))
        state, before = kind, event


def _record_of(found: dict[str, Any]) -> StoredRecord:
    """Return a certificate's sections as the record that a store would keep."""
    about = found["about"]
    head = {**{name: about[name] for name in HEAD}, "standard_text": json.dumps(found["standard"], ensure_ascii=False)}
    rules = [{**row, "tree": json.dumps(row["tree"]), "head": json.dumps(row["head"])} for row in found["rules"]]
    ratios = {(int(row["given"]), int(row["wanted"])): row["ratio"] for row in found["price_ratios"]}
    return StoredRecord(
        head,
        pd.DataFrame(rules),
        _frame(found["inputs"], ("variable", "ecosystem", "pollutant", "product", "value", "price_year")),
        _frame(found["coefficients"], ("variable", "ecosystem", "pollutant", "product", "computed", "price_year")),
        ratios,
        {row["id"]: row["reason"] for row in found["not_applicable"]},
    )


def _frame(rows: list[dict[str, Any]], columns: Iterable[str]) -> pd.DataFrame:
    return pd.DataFrame(rows) if rows else pd.DataFrame({name: [] for name in columns})


def _again(path: str, found: Any, expected: Any) -> Difference:
    one, other = (text if isinstance(text, Text) else show_value(text) for text in (found, expected))
    return Difference(path, one, other, "recomputed")


def _inputs(rows: list[dict[str, Any]], leaf: Mapping[str, Leaf], year: int) -> Iterator[Difference]:
    """Yield the figures that do not follow from what was given and its unit."""
    known: dict[str, Leaf] = {**VARIABLES, **COEFFICIENTS, **leaf}
    for at, row in enumerate(rows):
        one = known.get(row["variable"])
        if one is None:  # a variable of a later program, which no rule here uses
            continue
        text = narrow_digits(str(row["value_given"])).replace(",", "").replace(" ", "")
        try:
            by, price_year = find_unit_step(one, row["unit_given"] or "", year)
            value = float(text)
        except (UnitError, ValueError) as error:
            yield _again(
                f"inputs[{at}].value_given",
                say("{value} {unit}: {error}", value=row["value_given"], unit=row["unit_given"], error=error.args[0]),
                say("a figure in a unit of {unit}", unit=one.unit),
            )
            continue
        by /= find_shared_years(str(row.get("note") or ""), year)
        value = value if by == 1 else scale_number(value, by)
        if not _agrees(value, row["value"]):
            yield _again(f"inputs[{at}].value", row["value"], value)
        price_year = price_year if price_year >= 0 or is_period(year) else year
        if price_year != row["price_year"]:
            yield _again(f"inputs[{at}].price_year", row["price_year"], price_year)


def _coefficients(rows: list[dict[str, Any]], leaf: Mapping[str, Leaf]) -> Iterator[Difference]:
    """Yield the coefficients that do not follow from the value and unit of their table."""
    for at, row in enumerate(rows):
        one = leaf.get(row["variable"])
        if one is None:
            continue
        try:
            computed = scale_number(row["value"], find_factor(remove_price_year(row["unit"]), one.unit))
        except UnitError as error:
            yield _again(
                f"coefficients[{at}].unit",
                say("{unit}: {error}", unit=row["unit"], error=error.args[0]),
                say("a unit of {unit}", unit=one.unit),
            )
            continue
        if not _agrees(computed, row["computed"]):
            yield _again(f"coefficients[{at}].computed", row["computed"], computed)
        if (parse_unit(row["unit"]).price_year or 0) != row["price_year"]:
            yield _again(f"coefficients[{at}].price_year", row["price_year"], parse_unit(row["unit"]).price_year or 0)


def _agrees(again: float, stated: Any) -> bool:
    """Return whether a conversion comes to what is stated, but for last bits that earlier versions of the program rounded otherwise."""
    return again == stated or (isinstance(stated, float) and math.isclose(again, stated, rel_tol=SAME))


def _tables(
    found: dict[str, Any], current: RecomputedAccount, constant: RecomputedAccount | None
) -> dict[str, list[dict[str, Any]]]:
    """Return the result tables computed again, in rows."""
    plan = Plan(current.standard, tuple(current.evaluation.steps.values()), _counted(found, current), {}, {}, {})
    binding = Binding(current.bound, current.labels, {}, dict(current.unindexed))

    def why(service: str) -> NDArray[np.object_]:
        return np.array([current.record.reasons.get(service, "")], dtype=object)

    made = Tabulator(plan, why, binding, current.evaluation, constant.evaluation if constant else None)
    frames = {
        "service_result": made.services(),
        "line_result": made.lines(),
        "ecosystem_result": made.by_ecosystem(),
        "total_result": made.totals(),
    }
    if any(step.variant == SHOWN for step in plan.steps):
        frames[SHOWN_TABLE] = tabulate_shown(plan, binding, current.evaluation, constant.evaluation if constant else None)
        found["results"].setdefault(SHOWN_TABLE, [])
    tables = {name: read_records(frame) for name, frame in frames.items()}
    stated = {row["service"]: row for row in found["results"]["service_result"]}
    for row in tables["service_result"]:
        service, before = SERVICES.get(row["service"]), stated.get(row["service"])
        if service is not None and service.headline is not None and before is not None and not before["quantity_unit"]:
            row |= {"quantity": None, "quantity_unit": ""}  # of a run from before the quantity was the service's own
    return tables


def _counted(found: dict[str, Any], account: RecomputedAccount) -> dict[str, Counted]:
    """Return the services that count, with their lines put together from the certificate's own rules."""
    steps = account.evaluation.steps
    rules: dict[str, Rule] = {name: step.rule for name, step in steps.items()}
    lines: dict[str, list[Line]] = {}
    category: dict[str, str] = {}
    for row in found["lines"]:
        category[row["service"]] = row["category"]
        lines.setdefault(row["service"], []).append(
            Line(
                row["line"],
                Title(row["title_zh"], row["title_en"]),
                tuple(rules[name] for name in row["quantities"]),
                tuple(None if account.standard.physical else _price(price, rules) for price in row["prices"]),
                rules[row["value"]],
                rules[row["detail"]] if row["detail"] else None,
            )
        )
    of_category = {row["service"]: row["category"] for row in found["results"]["service_result"]}
    return {
        name: Counted(
            Service(name, category.get(name, of_category[name]), tuple(lines.get(name, ())), ""),
            tuple(lines.get(name, ())),
            rules[f"{name}.value"],
        )
        for name in SERVICE_TITLES
        if name in account.standard.choices
    }


def _price(written: Any, rules: dict[str, Rule]) -> Rule | Coefficient | None:
    if written is None:
        return None
    if isinstance(written, str):
        return rules[written]
    node = read(written, rules)
    if not isinstance(node, Coefficient):
        raise TypeError(node)
    return node


def _compared(name: str, stated: list[dict[str, Any]], made: list[dict[str, Any]]) -> tuple[list[Difference], int, int]:
    """Return the differences of a result table, how many numbers were compared, and how many agree but for the last bits."""

    def key(row: dict[str, Any]) -> tuple[Any, ...]:
        return tuple(_nothing(row.get(column)) for column in KEYS[name])

    places: list[Difference] = []
    again = {key(row): row for row in made}
    numbers = rounded = 0
    for at, row in enumerate(stated):
        other = again.pop(key(row), None)
        if other is None:
            places.append(_again(f"results.{name}[{at}]", " ".join(map(str, key(row))), say("no such row")))
            continue
        for column in RESULTS[name]:
            one, two = _nothing(row[column]), _nothing(other.get(column))
            numbers += isinstance(one, int | float)
            if one == two:
                continue
            if isinstance(one, float) and isinstance(two, float) and math.isclose(one, two, rel_tol=SAME):
                rounded += 1
                continue
            places.append(_again(f"results.{name}[{at}].{column}", one, two))
    places += [
        _again(f"results.{name}", say("no row"), " ".join(map(str, row)))
        for row, other in again.items()
        if other.get("status") != "excluded" and (name != "total_result" or row[0] in {*CATEGORIES, "gep"})
    ]
    return places, numbers, rounded


def _nothing(value: Any) -> Any:
    """Return a cell as JSON has it; an empty text and NaN are nothing."""
    if hasattr(value, "item"):
        value = value.item()
    if value == "" or (isinstance(value, float) and math.isnan(value)):
        return None
    return value
