"""What must not matter and what must, for every input variable, service and way to compute: the cases by hand, restated in pairs.

`make fuzz` tries all of them; run as a program with the number of rescaled rounds, it prints how many of each kind were tried.
"""

from __future__ import annotations

import csv
import random
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd
from by_hand_cases import BY_THE_SEA, COLUMNS, INLAND, ROWS, Figure, read_figures, write_standard

from gep.formula.nodes import ECOSYSTEM, Leaf, Observed
from gep.inputs.workbook.layout import list_units
from gep.messages.problems import Problems
from gep.reference.members import read_ecosystems
from gep.reference.regions import read_regions
from gep.rules.catalogue import COEFFICIENTS
from gep.tasks.run import run_account
from gep.units.registry import UnitError, find_factor
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

SEED = 20261128
LEAVES: dict[str, Leaf] = {**VARIABLES, **COEFFICIENTS}
CLOSE = 1e-9
AMOUNTS = {leaf.unit.removesuffix("/yr") for leaf in VARIABLES.values() if leaf.extent} - {"1", "mm", "deg_C"}
THERE = Figure("population", "", "", "", "100000", "人")
"""What every county has, so that it is there when its only other figure is left out; no rule reads it."""


@dataclass(frozen=True)
class Pair:
    """Two ways to say a county, and how their results stand to each other: `same`, `double`, or `differs`."""

    kind: str
    what: str
    left: tuple[Figure, ...]
    right: tuple[Figure, ...]
    relation: str = "same"


class Found(NamedTuple):
    """What a county has of a service: status, value, whether some figure is said to be read by nothing, and its lines and ecosystems."""

    status: str
    value: float
    unread: bool = False
    parts: tuple[str, ...] = ()


def list_pairs(figures: tuple[Figure, ...]) -> Iterator[Pair]:
    """Every restatement of the figures of a case."""
    yield Pair("order", "reversed", figures, figures[::-1])
    yield from _in_other_units(figures)
    yield from _one_left_out(figures)
    yield from _by_group(figures)
    yield from _with_their_sum(figures)
    yield from _product_in_two(figures)
    yield _twice_as_large(figures)


def _in_other_units(figures: tuple[Figure, ...]) -> Iterator[Pair]:
    for at, one in enumerate(figures):
        for unit in list_units(LEAVES[one.variable]):
            try:
                factor = find_factor(one.unit, unit)
            except UnitError:
                continue
            if unit in {"d", "h"} and one.unit == "yr":
                factor *= 365 / find_factor("yr", "d")  # a year of days is the accounting year's
            if unit != one.unit:
                said = (*figures[:at], one.with_(value=one.value * factor, unit=unit), *figures[at + 1 :])
                yield Pair("unit", f"{one.variable} in {unit}", figures, said)


def _one_left_out(figures: tuple[Figure, ...]) -> Iterator[Pair]:
    for at, one in enumerate(figures):
        yield Pair("left out", f"{one.variable} {one.member}", figures, (*figures[:at], *figures[at + 1 :]), "differs")


def _by_group(figures: tuple[Figure, ...]) -> Iterator[Pair]:
    known = read_ecosystems()
    types = [one.ecosystem for one in figures if one.variable == "area"]
    for variable in dict.fromkeys(one.variable for one in figures):
        leaf = LEAVES[variable]
        if leaf.axes != (ECOSYSTEM,) or (isinstance(leaf, Observed) and leaf.extent) or not types:
            continue
        value = next(one for one in figures if one.variable == variable)
        others = tuple(one for one in figures if one.variable != variable)
        for group in dict.fromkeys(known[name].parent or name for name in types):
            inside = [name for name in types if known[name].parent == group]
            elsewhere = tuple(
                one
                for one in figures
                if one.variable == variable
                and known.get(one.ecosystem, known[group]).parent != group
                and one.ecosystem not in {"", group}
            )
            if inside:
                each = tuple(value.with_(ecosystem=name) for name in inside)
                yield Pair(
                    "group",
                    f"{variable} of {group}",
                    (*others, *elsewhere, *each),
                    (*others, *elsewhere, value.with_(ecosystem=group)),
                )
        if isinstance(leaf, Observed):
            yield Pair(
                "county",
                variable,
                (*others, *(value.with_(ecosystem=name) for name in types)),
                (*others, value.with_(ecosystem="")),
            )


def _with_their_sum(figures: tuple[Figure, ...]) -> Iterator[Pair]:
    for variable in dict.fromkeys(one.variable for one in figures):
        leaf = LEAVES[variable]
        parts = [one for one in figures if one.variable == variable]
        if (
            isinstance(leaf, Observed)
            and leaf.extent
            and leaf.whole
            and leaf.axes == (ECOSYSTEM,)
            and all(one.ecosystem for one in parts)
        ):
            whole = parts[0].with_(ecosystem="", value=sum(one.value * find_factor(one.unit, parts[0].unit) for one in parts))
            yield Pair("whole", variable, figures, (*figures, whole))


def _product_in_two(figures: tuple[Figure, ...]) -> Iterator[Pair]:
    for at, one in enumerate(figures):
        leaf = LEAVES[one.variable]
        alone = sum(other.product == one.product for other in figures) == 1
        if one.product and alone and isinstance(leaf, Observed) and leaf.extent and one.variable.endswith("_output_value"):
            halves = tuple(one.with_(product=f"{one.product}{name}", value=one.value / 2) for name in "甲乙")
            yield Pair("product in two", one.variable, figures, (*figures[:at], *halves, *figures[at + 1 :]))


def _twice_as_large(figures: tuple[Figure, ...]) -> Pair:
    twice = tuple(one.with_(value=one.value * 2) if is_amount(LEAVES[one.variable]) else one for one in figures)
    return Pair("scale", "all amounts twice", figures, twice, "double")


def is_amount(leaf: Leaf) -> bool:
    """Whether a variable grows with the county: an area, a volume, a mass, an energy, money, people; no rate and no measure of a place."""
    return isinstance(leaf, Observed) and leaf.unit.removesuffix("/yr") in AMOUNTS


def rescale(figures: tuple[Figure, ...], chance: random.Random) -> tuple[Figure, ...]:
    """The figures of a case with other amounts: each amount by its own factor, so that a case is not one lucky county."""
    factors = {one: chance.uniform(0.6, 1.5) for one in figures if is_amount(LEAVES[one.variable])}
    return tuple(one.with_(value=one.value * factors.get(one, 1.0)) for one in figures)


NOT_IN_PROPORTION = {"area_model"}
"""Ways to compute that do not grow with the county: the volume of lakes goes by a power of their area."""


def try_case(
    service: str, row: dict[str, str], folder: Path, figures: tuple[Figure, ...] | None = None
) -> tuple[Counter[str], list[str]]:
    """Try all pairs of a case, as many counties of one computation; return how many of each kind, and what did not hold."""
    standard = str(write_standard(service, row, folder / "standard.yaml"))
    figures = read_figures(row["inputs"]) if figures is None else figures
    by_a_power = any(f"= {name}" in row["choice"] for name in NOT_IN_PROPORTION)
    pairs = [one for one in list_pairs(figures) if not (one.kind == "scale" and by_a_power)]
    home = BY_THE_SEA if service == "coastal_protection" else INLAND
    counties = [code for code, one in read_regions().items() if one.level == "county" and code[:2] == home[:2]]
    tried: Counter[str] = Counter()
    wrong: list[str] = []
    for start in range(0, len(pairs), len(counties)):
        batch = dict(zip(counties, pairs[start : start + len(counties)], strict=False))
        sides = [
            _compute(service, {code: getattr(pair, side) for code, pair in batch.items()}, standard, folder)
            for side in ("left", "right")
        ]
        for code, pair in batch.items():
            tried[pair.kind] += 1
            said = judge(pair, *(side[code] for side in sides))
            if said:
                wrong.append(f"{service} {row['choice']}: {pair.kind} {pair.what}: {said}")
    table = folder / "same.parquet"
    rows = [one.row(counties[0]) for one in figures]
    pd.DataFrame(rows, columns=list(COLUMNS)).astype({"value": float}).to_parquet(table)
    csv_side = _compute(service, {counties[0]: figures}, standard, folder)[counties[0]]
    if _value(service, table, standard)[counties[0]].value != csv_side.value:
        wrong.append(f"{service}: Parquet differs from CSV")
    tried["file kind"] += 1
    return tried, wrong


def judge(pair: Pair, left: Found, right: Found) -> str:
    """What does not hold between two results; empty where all does."""
    if left.status.startswith("refused"):
        return left.status
    if pair.relation == "differs":
        changed = (left.status, left.value, left.parts) != (right.status, right.value, right.parts)
        return "" if changed or left.unread else f"leaving it out changes nothing, and nobody says so ({left.value})"
    if left.status != right.status:
        return f"{left.status} and {right.status}"
    if left.status != "accounted":
        return ""
    wanted = left.value * (2 if pair.relation == "double" else 1)
    return "" if abs(right.value - wanted) <= CLOSE * abs(wanted) else f"{right.value!r} instead of {wanted!r}"


def _compute(service: str, counties: dict[str, tuple[Figure, ...]], standard: str, folder: Path) -> dict[str, Found]:
    """Status and value of a service in each county, and whether some figure of the county is said to be read by nothing."""
    path = folder / "inputs.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *(one.row(code) for code, figures in counties.items() for one in (*figures, THERE))])
    try:
        return _value(service, path, standard)
    except Problems as problems:
        if len(counties) == 1:
            return dict.fromkeys(counties, Found(f"refused: {problems.problems[0]}", 0.0))
    return {code: _compute(service, {code: figures}, standard, folder)[code] for code, figures in counties.items()}


def _value(service: str, path: Path, standard: str) -> dict[str, Found]:
    account = run_account([path], standard)
    unread = {one.account for one in account.unread}
    rows = account.services[account.services["service"] == service]
    codes = account.inputs.accounts["county"].tolist()
    parts: dict[int, list[str]] = {at: [] for at in range(len(codes))}
    for table in (account.lines, account.by_ecosystem):
        for at, said in zip(table["account"], table.drop(columns="account").itertuples(index=False), strict=True):
            parts[at].append(repr(tuple(said)))
    return {
        codes[at]: Found(str(status), float(value), at in unread, tuple(parts[at]))
        for at, status, value in zip(rows["account"], rows["status"], rows["value"], strict=True)
    }


def main(rounds: int) -> int:
    """Try every case as it stands and rescaled so many times; print what was tried and what did not hold."""
    chance = random.Random(SEED)
    tried: Counter[str] = Counter()
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for service, row in ROWS:
            for at in range(rounds + 1):
                figures = read_figures(row["inputs"])
                more, found = try_case(service, row, Path(folder), rescale(figures, chance) if at else figures)
                tried += more
                wrong += found
    kinds = ", ".join(f"{kind} {count:,}" for kind, count in sorted(tried.items()))
    said = [
        f"seed {SEED}, {len(ROWS)} ways to compute, {tried.total():,} checks: {kinds}",
        *(wrong or ["nothing that does not hold"]),
    ]
    sys.stdout.write("\n".join(said) + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 0))
