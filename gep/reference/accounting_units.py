"""Accounting units of somebody's own: from the rows of a table to units with their places in hierarchies, and all that is wrong."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from gep.messages.problems import Problem
from gep.messages.suggest import suggest_nearest
from gep.messages.texts import Name, join_list, say
from gep.messages.title import Title
from gep.records import dataclass
from gep.reference.regions import (
    ADMINISTRATIVE,
    DIVISION_DIGITS,
    NATION,
    DatedName,
    Membership,
    Region,
    add_memberships,
    find_retired,
    is_division_code,
    read_divisions,
    read_own_units,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

TOWNSHIP, VILLAGE = "township", "village"
DIGITS = {TOWNSHIP: 9, VILLAGE: 12}
FIRST_YEAR, LAST_YEAR = 1949, 2100
_ID = re.compile(r"[^\W_][\w.-]{0,39}")
_SEARCHED = 2000
_YES, _NO = {"yes", "true", "1", "是", "y"}, {"no", "false", "0", "否", "n", ""}
_ADMINISTRATIVE_NAMES = {"", ADMINISTRATIVE, "行政", "行政区划"}


@dataclass(frozen=True)
class Kind:
    """A kind of accounting unit; `digits` is the length of its codes, 0 where its owner names it as he likes."""

    id: str
    title: Title
    digits: int = 0


KINDS = {
    kind.id: kind
    for kind in (
        Kind("nation", Title("全国", "nation")),
        Kind("province", Title("省", "province"), DIVISION_DIGITS),
        Kind("prefecture", Title("地市", "prefecture"), DIVISION_DIGITS),
        Kind("county", Title("县", "county"), DIVISION_DIGITS),
        Kind(TOWNSHIP, Title("乡镇", "township"), DIGITS[TOWNSHIP]),
        Kind(VILLAGE, Title("村", "village"), DIGITS[VILLAGE]),
        Kind("reserve", Title("自然保护地", "reserve")),
        Kind("wetland", Title("湿地", "wetland")),
        Kind("basin", Title("流域", "basin")),
        Kind("red_line", Title("生态保护红线区", "red line")),
        Kind("group", Title("县区组合", "group")),
        Kind("parcel", Title("项目地块", "parcel")),
    )
}
"""The kinds of accounting units by id."""
_OTHER_NAMES = {
    "city": "prefecture",
    "市": "prefecture",
    "地级市": "prefecture",
    "district": "county",
    "区": "county",
    "县级": "county",
    "乡": TOWNSHIP,
    "镇": TOWNSHIP,
    "街道": TOWNSHIP,
    "行政村": VILLAGE,
    "社区": VILLAGE,
    "自然保护区": "reserve",
    "国家公园": "reserve",
    "自然公园": "reserve",
    "生态保护红线": "red_line",
    "地块": "parcel",
    "项目": "parcel",
}


@dataclass(frozen=True)
class UnitRow:
    """A row of a table of units, as text; `area_km2` is a number already, None where none is given."""

    file: str
    line: int
    cell: str
    unit: str
    name_zh: str = ""
    name_en: str = ""
    kind: str = ""
    hierarchy: str = ""
    parent: str = ""
    area_km2: float | None = None
    valid_from: str = ""
    valid_to: str = ""
    successor: str = ""
    disjoint: str = ""
    polygon: str = ""

    def problem(self, found: str, expected: str = "", hint: str = "") -> Problem:
        """Return what is wrong in the row."""
        return Problem(self.file, self.line, found, expected, hint, self.cell)

    @property
    def address(self) -> str:
        """Where the row stands."""
        return self.problem("").where


def find_kind(text: str) -> Kind | None:
    """Return the kind that an id or a title in either language means; None where there is no such."""
    wanted = text.strip().casefold().replace(" ", "_")
    wanted = _OTHER_NAMES.get(wanted, wanted)
    for kind in KINDS.values():
        if wanted in {kind.id, kind.title.zh, kind.title.en.casefold().replace(" ", "_")}:
            return kind
    return None


def name_kind(kind: str) -> str:
    """Return the name of a kind in both languages; an unknown one as it is."""
    known = KINDS.get(kind)
    return Name(known.title.en, known.title.zh) if known else kind


def make_units(rows: Sequence[UnitRow]) -> tuple[list[Region], list[Problem]]:
    """Return the units of all tables, and everything that is wrong in them; with problems the units are not to be used.

    Several rows of one unit give its places in several hierarchies, or in one hierarchy in several periods. A row of a division
    that is shipped makes it a part of a unit; its name and kind stay.
    """
    groups: dict[str, list[UnitRow]] = {}
    problems: list[Problem] = []
    for row in rows:
        groups.setdefault(row.unit, []).append(row)
    for unit, own in groups.items():
        problems += _check_id(unit, own[0])
    every = {*read_divisions(), NATION, *read_own_units(), *groups}
    units = []
    for unit, own in groups.items():
        found: list[Problem] = []
        made = _make_division(unit, own, found) if unit in read_divisions() else _make_unit(unit, own, found)
        found += _check_parents(own, every)
        found += _check_periods(own)
        found += [] if unit in read_divisions() else _check_names(own)
        problems += found
        if made:
            units.append(made)
    known = {**read_own_units(), **{one.code: one for one in units}}
    at = {unit: own[0] for unit, own in groups.items()}
    problems += _check_codes(units, known, at)
    problems += _check_circles(units, known, at)
    problems += _check_successors(units, known, at, every)
    return units, problems


def _check_id(unit: str, row: UnitRow) -> list[Problem]:
    expected = say(
        "six digits of a division, nine of a township, twelve of a village, or a name of at most 40 letters and digits"
    )
    if not unit:
        return [row.problem(say("the row names no unit"), expected)]
    if not _ID.fullmatch(unit) or (unit.isdigit() and len(unit) not in {DIVISION_DIGITS, *DIGITS.values()}):
        return [row.problem(say("{unit!r} cannot be the id of a unit", unit=unit), expected)]
    return []


def _make_division(unit: str, own: Sequence[UnitRow], problems: list[Problem]) -> Region | None:
    known = read_divisions()[unit]
    for row in own:
        kind = find_kind(row.kind) if row.kind else None
        if row.name_zh not in {"", known.name_zh} or (row.kind and (kind is None or kind.id != known.level)):
            problems.append(
                row.problem(
                    say("{unit} is a division of the list: {name}", unit=unit, name=known.name_zh),
                    say("its parents in hierarchies of your own"),
                    "leave its name and kind empty",
                )
            )
        if _hierarchy(row) == ADMINISTRATIVE and row.parent not in {"", known.parent, NATION}:
            problems.append(
                row.problem(
                    say("{unit} {name} lies in {parent}", unit=unit, name=known.name_zh, parent=known.parent or NATION),
                    say("the name of another hierarchy"),
                    "the administrative one is that of the list",
                )
            )
    problems += [
        row.problem(
            say("the successor of {unit} is {successor!r}", unit=unit, successor=row.successor),
            say("nothing: the list of divisions knows what became of it"),
        )
        for row in own
        if row.successor
    ]
    problems += _check_disjoint(own)
    return add_memberships(
        known,
        tuple(at for row in own if (at := _membership(row)) and at.hierarchy != ADMINISTRATIVE),
        disjoint=any(row.disjoint.casefold() in _YES for row in own),
        area_km2=next((row.area_km2 for row in reversed(own) if row.area_km2 is not None), None),
    )


def _make_unit(unit: str, own: Sequence[UnitRow], problems: list[Problem]) -> Region | None:
    first = own[0]
    names = _date_names(own)
    name, english = (names[-1].zh, names[-1].en) if names else ("", "")
    if not name:
        problems.append(first.problem(say("the unit {unit} has no name", unit=unit), say("name_zh or name_en")))
    kinds = {row.kind: find_kind(row.kind) for row in own if row.kind}
    for text in [text for text, kind in kinds.items() if kind is None]:
        row = next(row for row in own if row.kind == text)
        problems.append(
            row.problem(
                say("the kind of {unit} is {kind!r}", unit=unit, kind=text),
                say("one of {names}", names=join_list(name_kind(kind) for kind in KINDS)),
                suggest_nearest(text, KINDS),
            )
        )
    if not kinds:
        problems.append(
            first.problem(
                say("the unit {unit} has no kind", unit=unit),
                say("one of {names}", names=join_list(name_kind(one) for one in KINDS)),
            )
        )
    meant = [kind for kind in kinds.values() if kind]
    if len({kind.id for kind in meant}) > 1:
        problems.append(
            first.problem(
                say(
                    "the unit {unit} has several kinds: {kinds}", unit=unit, kinds=join_list(name_kind(kind.id) for kind in meant)
                ),
                say("one kind"),
            )
        )
    kind = meant[0].id if meant else ""
    if meant and meant[0].digits and not (unit.isdigit() and len(unit) == meant[0].digits) and not _is_named_freely(kind, own):
        problems.append(
            first.problem(
                say("the unit {unit} is a {kind}", unit=unit, kind=name_kind(kind)),
                say(
                    "a code of {count} digits, or an id with a letter and as parent what it lies in: {kinds}",
                    count=meant[0].digits,
                    kinds=join_list(name_kind(one) for one in _LIES_IN[kind]),
                )
                if kind in _LIES_IN
                else say("a code of {count} digits", count=meant[0].digits),
            )
        )
    problems += _check_disjoint(own)
    starts = [_year(row.valid_from) for row in own]
    ends = [_year(row.valid_to) for row in own]
    memberships = tuple(at for row in own if (at := _membership(row)))
    if not any(at.hierarchy == ADMINISTRATIVE for at in memberships) and unit.isdigit() and len(unit) > DIVISION_DIGITS:
        memberships = (Membership(ADMINISTRATIVE, _lies_in(unit)), *memberships)
    lies_in = [at.parent for at in memberships if at.hierarchy == ADMINISTRATIVE]
    return Region(
        unit,
        name,
        english,
        kind,
        lies_in[-1] if lies_in else "",
        memberships,
        next((row.area_km2 for row in reversed(own) if row.area_km2 is not None), None),
        None if None in starts else min(one for one in starts if one is not None),
        None if None in ends else max(one for one in ends if one is not None),
        next((row.successor for row in reversed(own) if row.successor), ""),
        any(row.disjoint.casefold() in _YES for row in own),
        next((row.polygon for row in own if row.polygon), ""),
        first.address,
        names if len(names) > 1 else (),
    )


_LIES_IN = {VILLAGE: (TOWNSHIP, "county"), TOWNSHIP: ("county",)}
"""Kinds that may have an id of one's own where nobody knows their code → what they then say that they lie in."""


def _is_named_freely(kind: str, own: Sequence[UnitRow]) -> bool:
    """Return whether rows give a township or village an id of its own, and what it lies in."""
    return kind in _LIES_IN and not own[0].unit.isdigit() and any(row.parent and _hierarchy(row) == ADMINISTRATIVE for row in own)


def _check_disjoint(own: Sequence[UnitRow]) -> list[Problem]:
    return [
        row.problem(say("disjoint is {text!r}", text=row.disjoint), say("yes, no, or nothing"))
        for row in own
        if row.disjoint.casefold() not in _YES | _NO
    ]


def _date_names(own: Sequence[UnitRow]) -> tuple[DatedName, ...]:
    """Return the names that the rows of a unit give it, each with its years, the latest last; one where it is always called the same.

    A row that gives the name in one language only has the other one from the rows that give the same name.
    """
    english = {row.name_zh: row.name_en for row in own if row.name_zh and row.name_en}
    chinese = {row.name_en: row.name_zh for row in own if row.name_zh and row.name_en}
    found: list[DatedName] = []
    for row in sorted(own, key=lambda row: (_year(row.valid_to) or LAST_YEAR, _year(row.valid_from) or 0)):
        zh = row.name_zh or chinese.get(row.name_en, row.name_en)
        one = DatedName(zh, row.name_en or english.get(zh, zh), _year(row.valid_from), _year(row.valid_to))
        if not zh:
            continue
        if found and (found[-1].zh, found[-1].en) == (one.zh, one.en):
            starts = (found[-1].first, one.first)
            one = replace(one, first=None if None in starts else min(start for start in starts if start is not None))
            found.pop()
        found.append(one)
    return tuple(found)


def _check_names(own: Sequence[UnitRow]) -> list[Problem]:
    """Return rows that call a unit otherwise than those of another hierarchy and the same years; of one hierarchy no two rows are of one year."""
    found = []
    for at, row in enumerate(own):
        for before in own[:at]:
            differs = (row.name_zh and before.name_zh and row.name_zh != before.name_zh) or (
                row.name_en and before.name_en and row.name_en != before.name_en
            )
            if differs and _hierarchy(before) != _hierarchy(row) and _overlap(before, row):
                names = [one.name_zh if row.name_zh != before.name_zh else one.name_en for one in (before, row)]
                text = say(
                    "the unit {unit} has two names at a time: {one} in {place}, and {other}",
                    unit=row.unit,
                    one=names[0],
                    place=before.address,
                    other=names[1],
                )
                found.append(
                    row.problem(text, say("one name at a time"), "give the years of each name in valid_from and valid_to")
                )
                break
    return found


def _hierarchy(row: UnitRow) -> str:
    return ADMINISTRATIVE if row.hierarchy.casefold() in _ADMINISTRATIVE_NAMES else row.hierarchy


def _membership(row: UnitRow) -> Membership | None:
    return Membership(_hierarchy(row), row.parent, _year(row.valid_from), _year(row.valid_to)) if row.parent else None


def _year(text: str) -> int | None:
    return int(text) if _is_year(text) else None


def _is_year(text: str) -> bool:
    return bool(re.fullmatch(r"[0-9]{4}", text)) and FIRST_YEAR <= int(text) <= LAST_YEAR


def _lies_in(code: str) -> str:
    """Return the unit that a township or village lies in by its code: its township where that is known, else its county."""
    township = code[: DIGITS[TOWNSHIP]]
    return township if len(code) > len(township) and township in read_own_units() else code[:DIVISION_DIGITS]


def _check_parents(own: Sequence[UnitRow], every: set[str]) -> list[Problem]:
    found = []
    for row in own:
        if not row.parent:
            if row.hierarchy and _hierarchy(row) != ADMINISTRATIVE:
                text = say("{unit} has no parent in {hierarchy}", unit=row.unit, hierarchy=row.hierarchy)
                found.append(row.problem(text, say("the id of a unit")))
            continue
        if row.parent == row.unit:
            found.append(row.problem(say("the unit {unit} is its own parent", unit=row.unit), say("another unit")))
        elif (
            row.parent not in every
            and not _lies_elsewhere(row)
            and not (is_division_code(row.parent) and find_retired(row.parent))
        ):
            named = [code for code, one in read_divisions().items() if row.parent in {one.name_zh, one.name_en}]
            near = (
                say("write {text}", text=named[0])
                if len(named) == 1
                else suggest_nearest(row.parent, sorted(every - set(read_divisions()))[:_SEARCHED])
            )
            found.append(
                row.problem(
                    say("the parent of {unit} is {parent!r}, which is no known unit", unit=row.unit, parent=row.parent),
                    say("the id of a unit of the tables, or the code of a division"),
                    near,
                )
            )
    return found


def _lies_elsewhere(row: UnitRow) -> bool:
    """Return whether a parent contradicts the code of a township or village, which is told by `_check_codes` alone."""
    coded = row.unit.isdigit() and len(row.unit) in DIGITS.values() and row.parent.isdigit()
    return coded and _hierarchy(row) == ADMINISTRATIVE and not row.unit.startswith(row.parent)


def _check_periods(own: Sequence[UnitRow]) -> list[Problem]:
    found = []
    for row in own:
        for name, text in (("valid_from", row.valid_from), ("valid_to", row.valid_to)):
            if text and not _is_year(text):
                found.append(
                    row.problem(
                        say("{name} of {unit} is {text!r}", name=Name(name, _YEAR_NAMES[name]), unit=row.unit, text=text),
                        say("a year from {first} to {last}, four digits", first=FIRST_YEAR, last=LAST_YEAR),
                    )
                )
        first, last = _year(row.valid_from), _year(row.valid_to)
        if first and last and first > last:
            found.append(
                row.problem(
                    say("{unit} is valid from {first} to {last}", unit=row.unit, first=first, last=last),
                    say("an end after the beginning"),
                )
            )
    for at, row in enumerate(own):
        for before in own[:at]:
            if _hierarchy(before) != _hierarchy(row) or not _overlap(before, row):
                continue
            if any(text and not _is_year(text) for one in (before, row) for text in (one.valid_from, one.valid_to)):
                continue  # nobody can say when it begins or ends, which is told
            same = (before.valid_from, before.valid_to) == (row.valid_from, row.valid_to)
            if same and before.parent != row.parent and before.parent and row.parent:
                text = say(
                    "the unit {unit} has two parents in the hierarchy {hierarchy}: {one} and {other}",
                    unit=row.unit,
                    hierarchy=_name_hierarchy(_hierarchy(row)),
                    one=before.parent,
                    other=row.parent,
                )
                found.append(
                    row.problem(
                        text, say("one parent in a hierarchy at a time"), "name another hierarchy, or give the years of each"
                    )
                )
            elif same:
                text = say("the unit {unit} stands already in {place}", unit=row.unit, place=before.address)
                found.append(row.problem(text, say("one row a unit, hierarchy and period")))
            else:
                text = say(
                    "the periods of {unit} overlap: {one} in {place}, and {other}",
                    unit=row.unit,
                    one=_period(before),
                    place=before.address,
                    other=_period(row),
                )
                found.append(row.problem(text, say("periods one after the other")))
            break
    return found


_YEAR_NAMES = {"valid_from": "起始年", "valid_to": "截止年"}


def _name_hierarchy(hierarchy: str) -> str:
    return Name(hierarchy, "行政区划") if hierarchy == ADMINISTRATIVE else hierarchy


def _overlap(one: UnitRow, other: UnitRow) -> bool:
    return (_year(one.valid_from) or 0) <= (_year(other.valid_to) or LAST_YEAR) and (_year(other.valid_from) or 0) <= (
        _year(one.valid_to) or LAST_YEAR
    )


def _period(row: UnitRow) -> str:
    return f"{row.valid_from or '…'}–{row.valid_to or '…'}"


def _check_codes(units: Iterable[Region], known: Mapping[str, Region], at: Mapping[str, UnitRow]) -> list[Problem]:
    """Return townships and villages whose code lies under another county or township than their parent."""
    found = []
    for one in units:
        if one.level in DIGITS and not one.code.isdigit():
            found += _check_freely_named(one, known, at[one.code])
        if one.level not in DIGITS or not one.code.isdigit() or len(one.code) != DIGITS[one.level]:
            continue
        county = one.code[:DIVISION_DIGITS]
        if county not in read_divisions() and county not in read_own_units() and not find_retired(county):
            text = say("the code of {unit} lies under {county}, which is no county", unit=one.code, county=county)
            found.append(at[one.code].problem(text, say("a code that begins with that of its county")))
            continue
        for membership in one.memberships:
            inside = membership.parent
            if membership.hierarchy != ADMINISTRATIVE or inside == one.code:
                continue
            if not (inside.isdigit() and one.code.startswith(inside)) and not (find_retired(inside) or find_retired(county)):
                text = say(
                    "the code of the {kind} {unit} lies under {county}, its parent is {parent}",
                    kind=name_kind(one.level),
                    unit=one.code,
                    county=county,
                    parent=inside,
                )
                found.append(at[one.code].problem(text, say("a parent whose code its own begins with")))
    return found


def _check_freely_named(one: Region, known: Mapping[str, Region], row: UnitRow) -> list[Problem]:
    """Return townships and villages with ids of their own that lie in what they cannot lie in."""
    found = []
    for membership in one.memberships:
        inside = {**read_divisions(), **known}.get(membership.parent)
        if membership.hierarchy != ADMINISTRATIVE or inside is None or inside.level in _LIES_IN[one.level]:
            continue
        text = say(
            "the {kind} {unit} lies in {parent}, which is a {other}",
            kind=name_kind(one.level),
            unit=one.code,
            parent=inside.code,
            other=name_kind(inside.level),
        )
        expected = say("one of {names}", names=join_list(name_kind(kind) for kind in _LIES_IN[one.level]))
        found.append(row.problem(text, expected))
    return found


def _check_circles(units: Iterable[Region], known: Mapping[str, Region], at: Mapping[str, UnitRow]) -> list[Problem]:
    found = []
    told: set[tuple[str, frozenset[str]]] = set()
    for one in units:
        for start in one.memberships:
            path, here = [one.code], start.parent
            while here in known and here not in path:
                path.append(here)
                year = start.first if start.last is not None else None
                here = known[here].parent_in(start.hierarchy, year)
            key = (start.hierarchy, frozenset(path))
            if here == one.code and len(path) > 1 and key not in told:
                told.add(key)
                text = say("units lie in each other in a circle: {path}", path=" → ".join([*path, here]))
                found.append(at[one.code].problem(text, say("a hierarchy that ends")))
    return found


def _check_successors(
    units: Iterable[Region], known: Mapping[str, Region], at: Mapping[str, UnitRow], every: set[str]
) -> list[Problem]:
    found = []
    for one in units:
        if not one.successor:
            continue
        row = at[one.code]
        if one.successor == one.code or one.successor not in every:
            text = say(
                "the successor of {unit} is {successor!r}, which is no other known unit", unit=one.code, successor=one.successor
            )
            found.append(row.problem(text, say("the id of a unit of the tables, or the code of a division")))
            continue
        after = known.get(one.successor)
        if one.valid_to is None:
            text = say("the unit {unit} has a successor and no end", unit=one.code)
            found.append(
                row.problem(text, say("valid_to: the last year before its successor {successor}", successor=one.successor))
            )
        elif after is not None and after.valid_from is not None and after.valid_from <= one.valid_to:
            text = say(
                "the periods of {unit} and of its successor {successor} overlap: {unit} ends with {last}, {successor} begins with {first}",
                unit=one.code,
                successor=one.successor,
                last=one.valid_to,
                first=after.valid_from,
            )
            found.append(row.problem(text, say("periods one after the other")))
    return found
