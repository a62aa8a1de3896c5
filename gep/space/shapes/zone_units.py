"""Zones of any kind: townships, villages, basins, parcels, red lines become accounting units by the fields of their own layer."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gep.files.writing import write_whole
from gep.inputs.unit_years import describe_wrong_year
from gep.messages.problems import Problem, refuse, refuse_one
from gep.messages.suggest import suggest_nearest
from gep.messages.texts import join_list, say
from gep.reference.accounting_units import DIGITS, KINDS, UnitRow, find_kind, make_units, name_kind
from gep.reference.regions import (
    DIVISION_DIGITS,
    Region,
    adopt_units,
    list_chain,
    read_own_units,
    read_regions,
    read_retired_divisions,
)
from gep.space.shapes.zones import CODE_FIELDS, join_rows, read_codes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gep.space.shapes.polygons import Polygons

SETTLED = CODE_FIELDS[0]
"""Column of settled polygons with the ids of their units."""
OWN_KINDS = tuple(kind.id for kind in KINDS.values() if kind.digits != DIVISION_DIGITS and kind.id != "nation")
KIND_FIELDS = ("kind", "类型", "单元类型")
NAME_FIELDS = ("name_zh", "name", "名称", "单元名称", "XZQMC", "ZLDWMC", "mc", "乡镇名称", "村名称", "流域名称", "红线名称")
PARENT_FIELDS = ("parent", "上级", "上级单元")
ENGLISH_FIELDS = ("name_en", "英文名称")
NAMED = 3
_COLUMNS = ("unit", "name_zh", "name_en", "kind", "parent")


@dataclass(frozen=True)
class SettledZones:
    """Polygons whose column `SETTLED` holds the ids of known units, those that only the layer names, and what to tell."""

    polygons: Polygons
    units: tuple[Region, ...]
    told: tuple[str, ...]


def settle_zones(polygons: Polygons, field: str | None, kind: str | None = None) -> SettledZones:
    """Return polygons by the ids of units, rows of one id joined; units that only the layer names are made known to this call.

    The kind of a unit is what its row says, else `kind`, else what its digits say: nine are a township, twelve a village. Numbers of a kind that has no
    codes of its own are no ids; `kind-NUMBER` is.

    Parameters
    ----------
    field : the column with the codes; None: the first usual one that is there
    kind  : of the zones whose rows say none, by id or title; None: none

    Raises
    ------
    Problems : no column of codes, a kind nobody knows, ids or parents that are wrong
    """
    meant = _read_kind(kind)
    codes = read_codes(polygons, field)
    kinds = _read_kinds(polygons, codes, meant)
    ids = tuple(code if code in read_regions() else _make_id(code, of) for code, of in zip(codes, kinds, strict=True))
    own = {key: texts for key, texts in polygons.fields.items() if key.casefold() != SETTLED}
    settled, joined = join_rows(replace(polygons, fields={SETTLED: ids, **own}), SETTLED)
    known = {*read_regions()}
    rows = [row for row in _make_rows(settled, meant) if row.unit not in known and row.kind]
    units, problems = make_units(rows)
    refuse(problems)
    adopt_units(units)
    return SettledZones(settled, tuple(units), (*joined, *_tell(units), *_tell_ids(codes, ids)))


def check_zone_years(settled: SettledZones, year: int) -> None:
    """Refuse zones of units that were not there in the year of the account, such as a county under a code of before.

    Raises
    ------
    Problems : such a zone, with its successor where there is one
    """
    dated = {**read_retired_divisions(), **read_own_units()}
    problems = []
    for at, code in enumerate(settled.polygons.fields[SETTLED], start=1):
        one = dated.get(code)
        if one is not None and not one.existed_in([year]):
            problems.append(Problem(settled.polygons.name, at, *describe_wrong_year(one, year)))
    refuse(problems)


def _read_kind(text: str | None) -> str:
    if text is None:
        return ""
    kind = find_kind(text)
    if kind is None or kind.id not in OWN_KINDS:
        refuse_one(
            "--zone-kind",
            say("the kind is {kind!r}", kind=text),
            say("one of {names}", names=join_list(name_kind(one) for one in OWN_KINDS)),
            suggest_nearest(text, OWN_KINDS),
        )
        return ""
    return kind.id


def _find_column(polygons: Polygons, names: Sequence[str]) -> tuple[str, ...]:
    """Return the texts of the first column that is there; empty ones where none is."""
    folded = {key.casefold(): texts for key, texts in polygons.fields.items()}
    found = next((folded[name.casefold()] for name in names if name.casefold() in folded), None)
    return found if found is not None else ("",) * len(polygons.shapes)


def _read_kinds(polygons: Polygons, codes: Sequence[str], meant: str) -> list[str]:
    given = _find_column(polygons, KIND_FIELDS)
    by_digits = {digits: kind for kind, digits in DIGITS.items()}
    found = []
    for text, code in zip(given, codes, strict=True):
        kind = find_kind(text) if text else None
        of_code = by_digits.get(len(code), "") if code.isdigit() else ""
        found.append(kind.id if kind and kind.id in OWN_KINDS else meant or of_code)
    return found


def _make_id(code: str, kind: str) -> str:
    """Return the id of a unit: its code, and before a number that is none of a division its kind."""
    if not kind or not code.isdigit() or len(code) in DIGITS.values():
        return code
    return f"{kind}-{code}"


def _make_rows(polygons: Polygons, meant: str) -> list[UnitRow]:
    ids = polygons.fields[SETTLED]
    kinds = _read_kinds(polygons, ids, meant)
    columns = (_find_column(polygons, names) for names in (NAME_FIELDS, ENGLISH_FIELDS, PARENT_FIELDS))
    return [
        UnitRow(polygons.name, at, "", unit, name.strip() or unit, english.strip(), kind, parent=parent.strip())
        for at, (unit, kind, name, english, parent) in enumerate(zip(ids, kinds, *columns, strict=True), start=1)
    ]


def _tell(units: Sequence[Region]) -> list[str]:
    """Return, for the user, which units are made of the layer, and those that lie in no county."""
    told: list[str] = []
    for kind in dict.fromkeys(one.level for one in units):
        names = [f"{one.code} {one.name_zh}" if one.name_zh != one.code else one.code for one in units if one.level == kind]
        listed = join_list(names[:NAMED])
        of = {"count": len(names), "kind": name_kind(kind), "names": listed}
        told.append(
            say("{count} accounting units ({kind}) by the fields of the zones: {names}", **of)
            if len(names) <= NAMED
            else say("{count} accounting units ({kind}) by the fields of the zones: {names} and more", **of)
        )
    free = [one.code for one in units if not any(re.fullmatch(r"\d{2,6}", code) for code in list_chain(one.code)[:-1])]
    if free:
        told.append(
            say(
                "{count} zones name no county they lie in ({names}): prices and coefficients of the nation count for them; a column parent (上级) says it",
                count=len(free),
                names=join_list(free[:NAMED]),
            )
        )
    return told


def _tell_ids(codes: Sequence[str], ids: Sequence[str]) -> list[str]:
    changed = [f"{code} → {own}" for code, own in dict(zip(codes, ids, strict=True)).items() if code != own]
    return (
        [say("numbers are no ids of units, their kind goes before them: {ids}", ids=join_list(changed[:NAMED]))]
        if changed
        else []
    )


def name_unit_table(output: Path) -> Path:
    """Return the name of the table of units beside a table of inputs."""
    return output.with_name(f"{output.stem}.units.csv")


def write_units(units: Sequence[Region], path: Path) -> None:
    """Write units as the table that `gep run` and `--units` take, whole or not at all.

    Raises
    ------
    Problems : the file cannot be written
    """
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows((one.code, one.name_zh, one.name_en, one.level, one.parent) for one in units)
    with write_whole(path, "table") as temporary:
        temporary.write_text(made.getvalue(), "utf-8")
