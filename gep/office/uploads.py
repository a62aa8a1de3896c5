"""A filled workbook or table beside the draft: what it would change, cell by cell; taken when somebody says so, with the place of each figure."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from gep.files.folder import READ_AS_WORKBOOKS
from gep.files.written_numbers import NUMBER
from gep.inputs.read import SUFFIXES, read_figures
from gep.inputs.workbook.layout import SEPARATOR, list_known_members, read_texts, show_member
from gep.inputs.workbook.read import read_workbook
from gep.messages.problems import Problem, refuse, refuse_one
from gep.messages.texts import Joined, Name, join_list, say
from gep.office.drafts import FILLED, LONGEST, Cell, read_draft, read_steps, save_cells
from gep.office.forms import choose_standard, find_form_of, list_all_entries
from gep.office.journal import note_act, now
from gep.office.judging import judge_cells
from gep.office.page_texts import say_on_page
from gep.reference.regions import read_regions
from gep.rules.catalogue import COEFFICIENTS
from gep.standards.applicable import APPLICABLE
from gep.variables.catalogue import VARIABLES
from gep.variables.declare import DEPARTMENTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gep.inputs.workbook.book import Book
    from gep.messages.findings import Finding
    from gep.office.database import Office
    from gep.office.drafts import Saved
    from gep.office.rights import Person
    from gep.store.store import Store

ANY_FILE = "a workbook (.xlsx, .xlsm, .xls, .et, .xlsb) or a table (.csv, .tsv, .txt, .parquet)"
"""What a form takes in."""
MOST = 20_000
"""Figures that a file may have for one county and year."""
KNOWN = frozenset(VARIABLES) | frozenset(COEFFICIENTS) | APPLICABLE
"""Ids that a row may have."""
_COVER = {"county": "county", "year": "year", "standard": "standard"}
_SENTENCES = ("found", "expected", "hint")


@dataclass(frozen=True)
class Difference:
    """A cell that a file would change: as it is, and as the file has it."""

    form: str
    now: Cell
    given: Cell


@dataclass(frozen=True)
class Upload:
    """A file that was read and waits to be taken.

    Attributes
    ----------
    number : under which it is kept
    differences : cells it would change, those of the person's own forms
    judged : what is wrong or doubtful in them as the file has them
    same   : figures that are in the draft as they are in the file
    others : figures of forms that are not the person's to fill, or are handed in
    problems : what could not be read, with its place; everything else can be taken
    """

    number: int
    file: str
    differences: tuple[Difference, ...]
    same: int
    others: int
    problems: tuple[Problem, ...]
    judged: Mapping[tuple[str, str], list[Finding]]


def keep_upload(
    office: Office,
    store: Store,
    county: str,
    year: int,
    file: str,
    content: bytes,
    person: Person,
    address: str = "",
    department: str = "",
) -> int:
    """Read a file, keep what it says of a county and year, and return its number; nothing of the draft changes.

    Parameters
    ----------
    file : its name, whose ending tells what it is
    department : Chinese name of the form it was given to; empty: any

    Raises
    ------
    Problems : no workbook or table, one that cannot be read, of another county, year, standard or department, or without a figure
    """
    name = clean_name(file)
    ending = Path(name).suffix.lower()
    need_ending(name, SUFFIXES)
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"upload{ending}"
        path.write_bytes(content)
        cells, problems = _read(path, name, county, year, choose_standard(office, store, county, year))
    forms = {find_form_of(one.variable) for one in cells}
    if department and cells and department not in forms:
        refuse_one(
            name,
            say(
                "the file holds figures of {forms}, none of {department}",
                forms=join_list(map(_name_form, sorted(forms))),
                department=_name_form(department),
            ),
            say("figures of {department}", department=_name_form(department)),
            "take it in at the form of the department, or at the page of the account for all of them",
        )
    if not cells:
        refuse(problems)
        refuse_one(name, "no figure is filled in", "figures of the county and year")
    if len(cells) > MOST:
        refuse_one(name, say("{count} cells at once", count=len(cells)), say("at most {count}", count=MOST))
    return keep_cells(
        office, county, year, name, hashlib.sha256(content).hexdigest(), cells, problems, department, person, address
    )


def clean_name(file: str) -> str:
    """Return the name of a file as it can be kept and shown."""
    return re.sub(r"[\x00-\x1f\x7f/\\]", "_", Path(file).name)[:120] or "file"


def need_ending(name: str, endings: Iterable[str]) -> str:
    """Return the ending of a file's name.

    Raises
    ------
    Problems : it is none of those that are taken
    """
    ending = Path(name).suffix.lower()
    if ending not in endings:
        expected = ANY_FILE if ".xlsx" in endings else "a table in .csv or .parquet"
        refuse_one(name, say("the file ends in {ending!r}", ending=ending), expected)
    return ending


def keep_cells(
    office: Office,
    county: str,
    year: int,
    name: str,
    digest: str,
    cells: Sequence[Cell],
    problems: Sequence[Problem],
    department: str,
    person: Person,
    address: str,
) -> int:
    """Keep cells that wait to be taken, and return their number.

    Parameters
    ----------
    name, digest : of the file they are from
    department : Chinese name of the form they were given to; empty: any
    """
    kept = json.dumps(
        {"department": department, "cells": [asdict(one) for one in cells], "problems": [_keep(one) for one in problems]},
        ensure_ascii=False,
    )
    with office.changing() as connection:
        made = connection.execute(
            "INSERT INTO upload (county, year, file, sha256, cells, person, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (county, year, name, digest, kept, person.name, now()),
        )
        note_act(
            connection, person.name, address, "upload", f"{county} {year}", f"{name} sha256 {digest[:16]}: {len(cells)} figures"
        )
    return made.lastrowid or 0


def compare_upload(office: Office, store: Store, county: str, year: int, number: int, person: Person) -> Upload:
    """Return what a kept file would change in the draft as it is now, in the forms that are the person's to fill.

    Raises
    ------
    Problems : there is no such file of this person
    """
    file, kept = _find(office, county, year, number, person)
    draft = read_draft(office, county, year)
    differences, same, others = [], 0, 0
    closed = {name for name, step in read_steps(office, county, year).items() if step.step == FILLED}
    for plain in kept["cells"]:
        given = Cell(**plain)
        form = find_form_of(given.variable)
        if person.department not in {"", form} or kept["department"] not in {"", form} or form in closed:
            others += 1
            continue
        there = draft.get(given.key, Cell(*given.key))
        if _is_same(there, given):
            same += 1
        else:
            differences.append(Difference(form, there, replace(given, version=there.version)))
    order = list(list_all_entries(choose_standard(office, store, county, year), county, year))
    differences.sort(key=lambda one: order.index(one.form) if one.form in order else len(order))
    judged = judge_cells(county, year, [one.given for one in differences])
    return Upload(number, file, tuple(differences), same, others, tuple(_take(one) for one in kept["problems"]), judged)


def take_upload(
    office: Office,
    store: Store,
    county: str,
    year: int,
    number: int,
    seen: Mapping[tuple[str, str], int],
    person: Person,
    address: str = "",
) -> Saved:
    """Save cells of a kept file into the draft, each with the place it stands at in the file.

    Parameters
    ----------
    seen : cells that are taken → the version of the draft's cell that was shown beside the file's

    Returns
    -------
    Saved: cells that somebody changed since they were shown are as that person left them

    Raises
    ------
    Problems : there is no such file of this person
    """
    found = compare_upload(office, store, county, year, number, person)
    cells = [replace(one.given, version=seen[one.given.key]) for one in found.differences if one.given.key in seen]
    return save_cells(office, county, year, cells, person, "uploaded", address)


def _is_same(one: Cell, other: Cell) -> bool:
    """Whether two cells say the same; numbers that are written differently are the same number."""
    if one.content[1:] != other.content[1:]:
        return False
    if NUMBER.fullmatch(one.value) and NUMBER.fullmatch(other.value):
        return float(one.value) == float(other.value)
    return one.value == other.value


def _find(office: Office, county: str, year: int, number: int, person: Person) -> tuple[str, Any]:
    found = office.rows(
        "SELECT file, cells FROM upload WHERE upload = ? AND county = ? AND year = ? AND person = ?",
        (number, county, year, person.name),
    )
    if not found:
        refuse_one(
            "FILE", say("there is no uploaded file {number}", number=number), "a file that you uploaded", "upload it again"
        )
    return str(found[0][0]), json.loads(found[0][1])


def _read(path: Path, name: str, county: str, year: int, standard: str) -> tuple[list[Cell], list[Problem]]:
    """Return the cells that a file has for a county and year, and what in it cannot be read.

    Raises
    ------
    Problems : it is of another county, year or standard
    """
    if path.suffix in READ_AS_WORKBOOKS:
        book = read_workbook(path)
        rows, problems = book.rows, _named(book.problems, name)
        refuse(_find_other(book, name, county, year, standard))
        if not rows and any(not one.cell for one in problems):
            refuse(problems)
    else:
        rows, problems = read_figures(path, name)
        here = [row for row in rows if (_text(row, "county"), _text(row, "year")) == (county, str(year))]
        if rows and not here:
            places = sorted({(_text(row, "county"), _text(row, "year")) for row in rows})
            refuse_one(
                name,
                say(
                    "the file is of {places}, the form of {county} {year}", places=_name_places(places), county=county, year=year
                ),
                say("figures of {county} {year}", county=county, year=year),
                "choose the file of this county and year, or open the forms of the other one",
            )
        rows = here
    cells, found = make_cells(rows, name, county, year)
    return cells, [*problems, *found]


def make_cells(rows: Iterable[Mapping[str, Any]], name: str, county: str, year: int) -> tuple[list[Cell], list[Problem]]:
    """Return rows of a county and year as cells of the draft, and what is wrong with those that cannot be one."""
    problems: list[Problem] = []
    cells: dict[tuple[str, str], Cell] = {}
    for row in rows:
        cell = _make_cell(row, name)
        where = _place(row, name)
        if cell.variable not in KNOWN:
            problems += _judge_unknown(county, year, cell, name, row)
        elif any(len(text) > LONGEST or "\0" in text for text in (*cell.content, cell.member)):
            problems.append(
                Problem(
                    name,
                    int(row["line"]),
                    "a text is too long, or holds a character that nobody sees",
                    "",
                    "",
                    str(row.get("cell", "")),
                )
            )
        elif cell.key in cells:
            other = cells[cell.key].origin
            problems.append(
                Problem(
                    name,
                    int(row["line"]),
                    say("the figure stands already at {other}", other=other),
                    "each figure once",
                    "",
                    str(row.get("cell", "")),
                )
            )
        else:
            cells[cell.key] = replace(cell, origin=where)
    return list(cells.values()), problems


def _judge_unknown(county: str, year: int, cell: Cell, name: str, row: Mapping[str, Any]) -> list[Problem]:
    """Return what a check says of a figure whose id nobody knows, at its place in the file."""
    place = str(row.get("cell", "") or "")
    judged = judge_cells(county, year, [replace(cell, value="0")]).get(cell.key, ())
    return [replace(one.problem, file=name, line=int(row["line"]), cell=place) for one in judged]


def _find_other(book: Book, name: str, county: str, year: int, standard: str) -> list[Problem]:
    """Return what tells that a workbook is of another county, year or standard."""
    found = []
    words = read_texts()["cover"]
    for field, there, here in (
        ("county", book.county, county),
        ("year", book.year, str(year)),
        ("standard", book.standard, standard),
    ):
        if there and there != here:
            shown = say(
                "the workbook is of {field} {there}, the form of {here}",
                field=Name(_COVER[field], words[field]),
                there=_name(there),
                here=_name(here),
            )
            hint = (
                "choose the standard at the page of the account first, or take the workbook of this one"
                if field == "standard"
                else "choose the file of this county and year, or open the forms of the other one"
            )
            found.append(Problem(name, 0, shown, _name(here), hint, book.cells.get(field, "")))
    return found


def _name(text: str) -> str:
    region = read_regions().get(text)
    return Name(f"{text} {region.name_en}", f"{text} {region.name_zh}") if region else text


def _name_form(form: str) -> Name:
    return Name(DEPARTMENTS.get(form, form), form)


def _name_places(places: Sequence[tuple[str, str]]) -> Joined:
    shown = [say("{county} {year}", county=_name(county), year=year) for county, year in places[:3]]
    return join_list([*shown, "…"] if len(places) > len(shown) else shown)


def _make_cell(row: Mapping[str, Any], name: str) -> Cell:
    identity = _text(row, "variable")
    members = [show_member(text) for key in ("ecosystem", "pollutant", "product") if (text := _text(row, key))]
    member = SEPARATOR.join(_shown(one) for one in members)
    if not member and has_whole(identity):
        member = str(read_texts()["whole"])
    value, unit, source, note = (_text(row, key) for key in ("value", "unit", "source", "note"))
    return Cell(identity, member, value, unit, source, note, origin=_place(row, name))


def _shown(text: str) -> str:
    known = list_known_members().get(text)
    return show_member(known[1]) if known else text


def has_whole(identity: str) -> bool:
    """Return whether a figure may be of the whole county beside those of its members."""
    leaf = VARIABLES.get(identity, COEFFICIENTS.get(identity))
    return leaf is not None and bool(leaf.axes)


def _place(row: Mapping[str, Any], name: str) -> str:
    cell = str(row.get("cell", "") or "")
    return f"{name}!{cell}" if cell else f"{name}:{row['line']}"


def _keep(problem: Problem) -> dict[str, Any]:
    """Return a problem as plain values, its sentences in both languages."""
    said = {name: [say_on_page(getattr(problem, name), lang) for lang in ("en", "zh")] for name in _SENTENCES}
    return {"file": problem.file, "line": problem.line, "cell": problem.cell, **said}


def _take(kept: dict[str, Any]) -> Problem:
    found, expected, hint = (Name(*kept[name]) for name in _SENTENCES)
    return Problem(kept["file"], kept["line"], found, expected, hint, kept["cell"])


def _text(row: Mapping[str, Any], key: str) -> str:
    found = row.get(key)
    if found is None:
        return ""
    return (repr(found) if isinstance(found, float) else str(found)).strip()


def _named(problems: Iterable[Problem], name: str) -> list[Problem]:
    return [replace(one, file=name) for one in problems]
