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
from typing import TYPE_CHECKING, Any, NamedTuple

import openpyxl
import pandas as pd
from by_hand_cases import BY_THE_SEA, COLUMNS, INLAND, YEAR, Figure, read_figures, write_standard
from by_hand_cases import ROWS as CASES_BY_HAND

from gep.formula.nodes import ECOSYSTEM, POLLUTANT, Leaf, Observed
from gep.inputs.wholes import TOGETHER, is_additive
from gep.inputs.workbook.layout import list_units
from gep.messages.problems import Problems
from gep.reference.members import read_ecosystems, read_pollutants
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
TIMES = {"rain_day", "rain_month", "climate_month"}
_PRICED = "{0}_price[甲] = 3 CNY_2023/kg; {0}_volume_price[乙] = 20 CNY_2023/m3; {0}_piece_price[丙] = 30 CNY_2023/piece"
_MARSH = "area[marsh] = 6 km2; area[mixed_forest] = 300 km2; precipitation = 1600 mm; evapotranspiration = 900 mm"
_FLOOD = (
    "storm_rainfall = 300 mm; storm_runoff = 130 mm; lake_flood_capacity[乙湖] = 150 万m3; lake_flood_capacity[丙湖] = 90 万m3"
)
MORE = [
    *(
        (f"{one}_products", {"choice": f"{one}_products.output_value = gross_output", "counted": "", "inputs": inputs})
        for one in ("agricultural", "forestry", "livestock", "fishery")
        for inputs in (
            f"{one}_output[甲] = 5 万吨; {one}_output_volume[乙] = 700 m3; {one}_output_count[丙] = 500 piece; {_PRICED.format(one)}",
            f"{one}_product_value[甲] = 3000 万元; {one}_product_value[乙] = 2 亿元; {one}_product_value[丙] = 77 万元",
            f"{one}_output_value = 18.24 亿元; {one}_product_value[甲] = 3000 万元",
        )
    ),
    (
        "bioenergy",
        {
            "choice": "",
            "counted": "",
            "inputs": "bioenergy_product_value[沼气] = 50 万元; bioenergy_product_value[薪柴] = 8 万元",
        },
    ),
    (
        "water_conservation",
        {
            "choice": "water_conservation.volume = water_balance; reservoir.unit_cost = full_construction_cost",
            "counted": "",
            "inputs": f"{_MARSH}; surface_runoff[mixed_forest] = 420 mm; surface_runoff[marsh] = 300 mm",
        },
    ),
    (
        "flood_mitigation",
        {
            "choice": "reservoir.unit_cost = full_construction_cost; flood_mitigation.vegetation = storm_balance; "
            "flood_mitigation.lake = area_model; flood_mitigation.reservoir = capacity_share; flood_mitigation.marsh = surface_depth",
            "counted": "ecosystems: forest, shrub",
            "inputs": f"area[mixed_forest] = 300 km2; area[shrub] = 50 km2; {_FLOOD}; reservoir_flood_capacity = 4000 万m3; marsh_area = 600 ha",
        },
    ),
]
"""Figures that no case by hand gives: restated like the others, with no number on paper."""
ROWS = [*CASES_BY_HAND, *MORE]
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
    yield from _with_the_sum_of_items(figures)
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


def _with_the_sum_of_items(figures: tuple[Figure, ...]) -> Iterator[Pair]:
    """An amount of 合计 beside all its items, in the unit of the first."""
    for variable in dict.fromkeys(one.variable for one in figures):
        leaf = LEAVES[variable]
        parts = [one for one in figures if one.variable == variable]
        of_items = isinstance(leaf, Observed) and len(leaf.axes) == 1 and leaf.axes[0] not in {ECOSYSTEM, POLLUTANT}
        family = next((names for names in TOGETHER if variable in names), (variable,))
        others = any(one.variable in family and one.variable != variable for one in figures)
        if of_items and is_additive(leaf) and not others and leaf.axes[0] not in TIMES and all(one.product for one in parts):
            whole = parts[0].with_(product="合计", value=sum(one.value * find_factor(one.unit, parts[0].unit) for one in parts))
            yield Pair("total", variable, figures, (*figures, whole))


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
    counties = [
        code
        for code, one in read_regions().items()
        if one.level == "county" and code[:2] == home[:2] and not (one.valid_to or one.valid_from)
    ]
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
    others = (
        table,
        _write_table(rows, folder / "same.tsv", "\t", "utf-16"),
        _write_table(rows, folder / "same.txt", ";", "gb18030"),
        _write_book(figures, counties[0], folder / "same.xlsx"),
    )
    for path in others:
        try:
            other = _value(service, path, standard)[counties[0]].value
        except Problems as problems:
            other = float("nan")
            wrong.append(f"{service} {row['choice']}: {path.name}: {problems.problems[0]}")
        if other != csv_side.value and not (other != other and csv_side.value != csv_side.value):
            wrong.append(f"{service} {row['choice']}: {path.name} gives {other}, CSV {csv_side.value}")
        tried["file kind"] += 1
    return tried, wrong


def _write_table(rows: list[tuple[object, ...]], path: Path, separator: str, encoding: str) -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=separator).writerows([COLUMNS, *rows])
    return path


def _write_book(figures: tuple[Figure, ...], county: str, path: Path) -> Path:
    """The figures as a workbook as an office makes it, with a cover and one sheet."""
    book: Any = openpyxl.Workbook()
    book.active.title = "封面"
    book.active.append(["县区代码", county])
    book.active.append(["核算年份", str(YEAR)])
    sheet = book.create_sheet("统计局")
    sheet.append(["编号", "类别", "单位", "数值", "数据来源"])
    titles = {name: one.title.zh for name, one in {**read_ecosystems(), **read_pollutants()}.items()}
    for one in figures:
        names = (titles.get(one.ecosystem, one.ecosystem), titles.get(one.pollutant, one.pollutant), one.product)
        sheet.append([one.variable, " / ".join(filter(None, names)), one.unit, float(one.number), "统计年鉴"])
    book.save(path)
    return path


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
