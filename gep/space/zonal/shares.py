"""Shares of the area of a lumped ecosystem type, zone by zone, where no map tells its parts; what others publish, as reference only."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gep.files.lists import read_list
from gep.files.table import read_table
from gep.messages.problems import Problem, refuse
from gep.messages.texts import Joined, Name, join_list, say
from gep.paths import LISTS, print_path
from gep.reference.members import list_types_above, list_with_children, name_member, read_ecosystems
from gep.reference.regions import list_chain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from gep.space.zonal.extract import Row
from gep.space.zonal.splitting import LUMPED

COLUMNS, OPTIONAL = ("county", "ecosystem", "into", "share", "source"), ("note",)
ROUNDING = 1e-6
MIXED = "mixed_forest"
"""What trees of a survey that does not know their leaves are taken as."""
NAMED = 5


@dataclass(frozen=True)
class Share:
    """The part of a type's area in a unit, or in all units of a wider one, that is a narrower type; its source and row."""

    unit: str
    whole: str
    part: str
    share: float
    source: str
    place: str
    line: int


def read_shares(path: Path) -> list[Share]:
    """Return the shares of a table.

    Parameters
    ----------
    path : table with the columns county (a unit, or CN, a province or city whose units all have these shares), ecosystem, into, share (0.12 or 12 %), source

    Raises
    ------
    Problems : types that do not lie in each other, shares that are no numbers or do not add up to 1, rows without a source
    """
    table, problems = read_table(path, COLUMNS, OPTIONAL)
    refuse(problems if table is None or problems else [])
    assert table is not None  # noqa: S101 - refuse has raised otherwise
    shown = print_path(path)
    found: list[Share] = []
    for row, line in zip(table.columns.to_pylist(), table.lines.to_pylist(), strict=True):
        cells = {name: str(row[name] or "").strip() for name in COLUMNS}
        whole, part = _find_type(cells["ecosystem"]), _find_type(cells["into"])
        share = _read_share(cells["share"])
        if part not in (may := list_parts(whole)):
            told = say("{part} is no part of {whole}", part=cells["into"], whole=cells["ecosystem"])
            expected = say("one of {names}", names=join_list(may)) if may else ""
            problems.append(Problem(shown, line, told, expected))
        if share is None:
            problems.append(
                Problem(shown, line, say("the share is {text!r}", text=cells["share"]), "0 to 1, or a percentage: 12 %")
            )
        if not cells["source"]:
            problems.append(Problem(shown, line, say("the share has no source"), "where it is from"))
        unit = re.sub(r"(00)+$", "", cells["county"]) if re.fullmatch(r"\d{6}", cells["county"]) else cells["county"]
        found.append(Share(unit, whole, part, share or 0.0, cells["source"], shown, line))
    refuse(problems)
    groups: dict[tuple[str, str], list[Share]] = {}
    for one in found:
        groups.setdefault((one.unit, one.whole), []).append(one)
    for of in groups.values():
        total = sum(one.share for one in of)
        if abs(total - 1) > ROUNDING:
            told = say(
                "the shares of {type} in {unit} add up to {total:.6g}",
                type=name_member(of[0].whole),
                unit=of[0].unit,
                total=total,
            )
            problems.append(Problem(shown, of[-1].line, told, "1, or 100 %"))
        if len({one.part for one in of}) < len(of):
            problems.append(Problem(shown, of[-1].line, say("a type stands twice in {unit}", unit=of[0].unit), "each once"))
    refuse(problems)
    return found


def list_parts(whole: str) -> tuple[str, ...]:
    """Return the types that land of a type may be divided into: those below it; of one without any, itself and those beside it.

    A survey that does not know the leaves of its trees has them as mixed forest, though some are evergreen.
    """
    below = list_with_children(whole)[1:]
    above = list_types_above(whole)[1:] if whole in read_ecosystems() else ()
    return below or (list_with_children(above[0])[1:] if above else ())


def _find_type(text: str) -> str:
    by_title = {one.title.zh: name for name, one in read_ecosystems().items()}
    return by_title.get(text, text)


def _read_share(text: str) -> float | None:
    written = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([%％]?)", text)
    if written is None:
        return None
    share = float(written[1]) / (100 if written[2] else 1)
    return share if 0 <= share <= 1 else None


def divide_rows(rows: Sequence[Row], shares: Sequence[Share]) -> tuple[list[Row], list[str]]:
    """Return rows in which the areas of lumped types are divided by shares, and what to tell; means of a type are those of each of its parts.

    Where a zone has land of a part besides, areas are added up, and means weighted by them. The shares of the unit itself go before those of its county, city, province and the nation.

    Raises
    ------
    Problems : shares that no zone has any use for
    """
    by_unit: dict[tuple[str, str], list[Share]] = {}
    for one in shares:
        by_unit.setdefault((one.unit, one.whole), []).append(one)
    used: set[tuple[str, str]] = set()
    divided: list[tuple[Row, float]] = []
    areas = {(row.county, row.ecosystem): row.value for row in rows if row.variable == "area"}
    for row in rows:
        area = areas.get((row.county, row.ecosystem), 0.0)
        key = next(((unit, row.ecosystem) for unit in reversed(list_chain(row.county)) if (unit, row.ecosystem) in by_unit), None)
        if key is None or not row.ecosystem:
            divided.append((row, area))
            continue
        used.add(key)
        for one in by_unit[key]:
            if row.variable == "area":
                note = f"{one.share:.6g} of {row.value:.9g} km2 of {row.ecosystem}: {one.place}:{one.line}, {one.source}"
                value = float(f"{row.value * one.share:.12g}")
                divided.append((replace(row, ecosystem=one.part, value=value, note=f"{note}; {row.note}"), value))
            else:
                part = replace(row, ecosystem=one.part, note=f"mean of all {row.ecosystem}; {row.note}")
                divided.append((part, area * one.share))
    idle = [of[0] for key, of in by_unit.items() if key not in used]
    refuse(
        Problem(
            one.place,
            one.line,
            say("no zone has {type} in {unit}", type=name_member(one.whole), unit=one.unit),
            say("a unit among the zones, or one they lie in, and a type of the land cover"),
        )
        for one in idle
    )
    told = [
        say(
            "{type} in {unit} divided by stated shares: {parts}",
            type=name_member(of[0].whole),
            unit=of[0].unit,
            parts=join_list(f"{name_member(one.part)} {one.share:.2%}" for one in of),
        )
        for of in by_unit.values()
    ]
    return _join_same(divided), [
        *told[:NAMED],
        *([say("{count} more units with shares", count=len(told) - NAMED)] if len(told) > NAMED else []),
    ]


def _join_same(rows: Sequence[tuple[Row, float]]) -> list[Row]:
    """Return rows of which each stands once: areas added up, means weighted by the areas beside them."""
    groups: dict[tuple[str, str, str, str, str], list[tuple[Row, float]]] = {}
    for row, area in rows:
        groups.setdefault((row.county, row.variable, row.ecosystem, row.pollutant, row.product), []).append((row, area))
    joined = []
    for of in groups.values():
        first, whole = of[0][0], sum(area for _, area in of)
        if len(of) == 1:
            joined.append(first)
            continue
        has = [(row, area) for row, area in of if area > 0] or of
        value = (
            whole if first.variable == "area" else sum(row.value * area for row, area in has) / whole if whole else first.value
        )
        notes = "; ".join(row.note for row, _ in has)
        joined.append(replace(first, value=float(f"{value:.12g}"), note=notes))
    return joined


def describe_lumped(rows: Iterable[Row]) -> list[str]:
    """Return, for the user, the types that are not told apart, how they can be, and what others publish of their parts."""
    area: dict[str, float] = {}
    units: set[str] = set()
    for row in rows:
        units.add(row.county)
        lumped = row.ecosystem in LUMPED or (row.ecosystem == MIXED and "is ambiguous" in row.note)
        if row.variable == "area" and lumped and row.value > 0:
            area[row.ecosystem] = area.get(row.ecosystem, 0.0) + row.value
    told: list[str] = []
    for name, km2 in area.items():
        told.append(
            say(
                "{type} ({area:,.2f} km²) is one type here, and many coefficients know its parts only: --split MAP or --split-shares TABLE divides it",
                type=name_member(name),
                area=km2,
            )
        )
        if known := _list_published("forest" if name == MIXED else name, units):
            told.append(say("for reference, never taken by itself: {shares}", shares=Joined(known, "; ", "；")))
    return told


def _list_published(name: str, units: set[str]) -> list[Name]:
    regions = {region for unit in units for region in list_chain(unit)}
    rows: Iterable[Mapping[str, str]] = read_list(LISTS / "type_shares.csv")
    return [
        Name(
            f"{row['part_en']} {row['percent']} % of {row['whole_en']}, {row['place_en']} ({row['source']} [{row['mark']}])",
            f"{row['place_zh']}{row['part_zh']}占{row['whole_zh']} {row['percent']}%（{row['source']} [{row['mark']}]）",
        )
        for row in rows
        if row["ecosystem"] == name and row["region"] in regions
    ]
