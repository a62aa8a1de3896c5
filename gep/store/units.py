"""Accounting units of somebody's own in a store: kept with the run that used them, and known to whoever opens it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyarrow as pa

from gep.reference.regions import DatedName, Membership, Region, adopt_stored_units, read_own_units, read_regions
from gep.store.rows import fetch_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gep.store.rows import Connection

_COLUMNS = (
    "unit_id, name_zh, name_en, unit_kind, memberships, area_km2, valid_from, valid_to, successor, disjoint, polygon, address"
)


def adopt_units_of(connection: Connection) -> None:
    """Make the units of a store known to this call."""
    count, last = fetch_rows(connection, "SELECT count(*), max(rowid) FROM accounting_unit")[0]
    if not count:
        adopt_stored_units("", list)
        return
    run, marks = fetch_rows(
        connection, "SELECT max(run), CAST(bit_xor(hash(unit_id, name_zh, run)) AS VARCHAR) FROM accounting_unit"
    )[0]
    adopt_stored_units(f"{count} {last} {run} {marks}", lambda: list_stored_units(connection))


def list_stored_units(connection: Connection) -> list[Region]:
    """Return the units of a store as its newest runs knew them."""
    found = fetch_rows(
        connection,
        f"SELECT {_COLUMNS} FROM accounting_unit QUALIFY row_number() OVER (PARTITION BY unit_id ORDER BY run DESC) = 1 ORDER BY unit_id",  # noqa: S608 - our own names
    )
    names = _read_dated_names(connection)
    return [_make_unit(row, names.get(str(row[0]), ())) for row in found]


def _read_dated_names(connection: Connection) -> dict[str, tuple[DatedName, ...]]:
    """Return unit → its names by period, of units that were not always called the same."""
    found: dict[str, tuple[DatedName, ...]] = {}
    for unit, *name in fetch_rows(
        connection,
        "SELECT unit_id, name_zh, name_en, valid_from, valid_to FROM unit_name QUALIFY run = max(run) OVER (PARTITION BY unit_id) "
        "ORDER BY unit_id, coalesce(valid_from, 0)",
    ):
        found[str(unit)] = (*found.get(str(unit), ()), DatedName(*name))
    return {unit: names for unit, names in found.items() if len(names) > 1}


def _make_unit(row: tuple[object, ...], names: tuple[DatedName, ...]) -> Region:
    code, name_zh, name_en, kind, written, area, first, last, successor, disjoint, polygon, address = row
    memberships = tuple(Membership(*one) for one in json.loads(str(written)))
    parent = next((one.parent for one in reversed(memberships) if one.hierarchy == "administrative"), "")
    known = read_regions().get(str(code))
    return Region(
        str(code),
        str(name_zh),
        str(name_en),
        str(kind),
        parent or (known.parent if known and not known.address else ""),
        memberships,
        area,  # type: ignore[arg-type]  # a number or nothing, as the column has it
        first,  # type: ignore[arg-type]  # likewise
        last,  # type: ignore[arg-type]  # likewise
        str(successor or ""),
        bool(disjoint),
        str(polygon or ""),
        str(address),
        names,
    )


def list_units_to_keep(connection: Connection, codes: Iterable[str]) -> dict[str, pa.Table]:
    """Return the rows that a run adds: of units that it knows otherwise than the store, and of names that its list does not have.

    Parameters
    ----------
    codes : of the units that have an account in the run

    Returns
    -------
    rows of the tables `accounting_unit`, `unit_name` and `region`
    """
    before = {one.code: one for one in list_stored_units(connection)}
    changed = [one for code, one in sorted(read_own_units().items()) if before.get(code) != one]
    known = read_regions()
    named = {str(row[0]) for row in fetch_rows(connection, "SELECT code FROM region")}
    new = [known[code] for code in dict.fromkeys([*(one.code for one in changed), *codes]) if code in known and code not in named]
    called = {str(row[0]) for row in fetch_rows(connection, "SELECT DISTINCT unit_id FROM unit_name")}
    renamed = [known[code] for code in sorted({*codes} - called) if code in known and known[code].names]
    tables = {
        "accounting_unit": [_write_unit(one) for one in changed],
        "unit_name": [row for one in {one.code: one for one in [*changed, *renamed]}.values() for row in _write_names(one)],
        "region": [
            {"code": one.code, "name_zh": one.name_zh, "name_en": one.name_en, "level": one.level, "parent": one.parent}
            for one in new
        ],
    }
    return {name: pa.Table.from_pylist(rows) for name, rows in tables.items() if rows}


def _write_names(one: Region) -> list[dict[str, object]]:
    names = one.names or (DatedName(one.name_zh, one.name_en),)
    return [
        {"unit_id": one.code, "name_zh": name.zh, "name_en": name.en, "valid_from": name.first, "valid_to": name.last}
        for name in names
    ]


def _write_unit(one: Region) -> dict[str, object]:
    places = [[at.hierarchy, at.parent, at.first, at.last] for at in one.memberships]
    return {
        "unit_id": one.code,
        "name_zh": one.name_zh,
        "name_en": one.name_en,
        "unit_kind": one.level,
        "memberships": json.dumps(places, ensure_ascii=False),
        "area_km2": one.area_km2,
        "valid_from": one.valid_from,
        "valid_to": one.valid_to,
        "successor": one.successor or None,
        "disjoint": one.disjoint,
        "polygon": one.polygon or None,
        "address": one.address,
    }
