"""A table of the inputs of many counties beside their drafts: checked as a whole, compared county by county, taken where somebody says so."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from gep.inputs.read import read_figures
from gep.inputs.rows import FIRST_YEAR, LAST_YEAR
from gep.messages.problems import Problem, refuse, refuse_one
from gep.messages.texts import say
from gep.office.judging import judge_cells
from gep.office.rights import Action
from gep.office.uploads import MOST, clean_name, compare_upload, keep_cells, make_cells, need_ending, take_upload
from gep.reference.regions import read_regions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from gep.office.database import Office
    from gep.office.rights import Person
    from gep.office.uploads import Upload
    from gep.store.store import Store

PAGE = 50
"""Counties and years on a page."""
TABLES = (".csv", ".parquet")
MOST_PARTS = 30_000


@dataclass(frozen=True)
class Part:
    """What a table has of one county and year; `stamp` stands for the state of the draft it was compared with."""

    county: str
    year: int
    upload: Upload
    stamp: str


@dataclass(frozen=True)
class Parts:
    """One page of what a table has."""

    file: str
    rows: tuple[Part, ...]
    count: int
    page: int
    pages: int


def keep_table(
    office: Office,
    file: str,
    content: bytes,
    person: Person,
    check: Callable[[bytes, str], Mapping[tuple[str, int], list[Problem]]],
    address: str = "",
) -> str:
    """Read a table of many counties and years, keep what it says of those the person may fill, and return its hash; no draft changes.

    Parameters
    ----------
    check : returns what `gep check` finds wrong in the figures of each county and year of a table

    Raises
    ------
    Problems : no table, one that cannot be read, or without a figure of a county that is the person's to fill
    """
    name = clean_name(file)
    ending = need_ending(name, TABLES)
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"upload{ending}"
        path.write_bytes(content)
        rows, problems = read_figures(path, name)
    groups, refused = _group(rows, name, person)
    problems += refused
    found = [(county, year, *make_cells(own, name, county, year)) for (county, year), own in groups.items()]
    kept = sorted((one for one in found if one[2]), key=lambda one: one[:2])
    problems += [one for *_, cells, wrong in found if not cells for one in wrong]
    if not kept:
        refuse(problems)
        refuse_one(name, "no figure is filled in", "figures of counties that are yours to fill")
    if len(kept) > MOST_PARTS or any(len(cells) > MOST for *_, cells, _ in kept):
        refuse_one(name, say("{count} cells at once", count=len(rows)), say("at most {count}", count=MOST))
    checked = check(content, ending)
    digest = hashlib.sha256(content).hexdigest()
    for at, (county, year, cells, wrong) in enumerate(kept):
        at_cells = {str(one.problem.found) for found in judge_cells(county, year, cells).values() for one in found}
        said = {
            (one.line, str(one.found)): replace(one, file=name)
            for one in (*wrong, *checked.get((county, year), ()))
            if str(one.found) not in at_cells
        }
        others = problems if at == 0 else []
        keep_cells(office, county, year, name, digest, cells, [*others, *said.values()], "", person, address)
    return digest


def check_table(content: bytes, ending: str) -> dict[tuple[str, int], list[Problem]]:
    """Return county and year → what `gep check` refuses (grade A) of its figures in a table."""
    from gep.tasks.check import check_files

    found: dict[tuple[str, int], list[Problem]] = {}
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"upload{ending}"
        path.write_bytes(content)
        for one in check_files([path]):
            if one.grade == "A" and one.problem.line:
                found.setdefault((one.county, one.year), []).append(one.problem)
    return found


def compare_parts(office: Office, store: Store, digest: str, person: Person, page: int = 1) -> Parts:
    """Return what a kept table would change in the drafts as they are now, a page of counties and years.

    Raises
    ------
    Problems : there is no such table of this person
    """
    kept = _list_kept(office, digest, person)
    pages = max(1, -(-len(kept) // PAGE))
    page = min(max(page, 1), pages)
    rows = [
        _make_part(office, store, county, year, number, person) for county, year, number in kept[(page - 1) * PAGE : page * PAGE]
    ]
    return Parts(rows[0].upload.file, tuple(rows), len(kept), page, pages)


def take_parts(
    office: Office, store: Store, digest: str, chosen: Mapping[tuple[str, int], str], person: Person, address: str = ""
) -> tuple[int, tuple[tuple[str, int], ...]]:
    """Save what a kept table has of chosen counties and years into their drafts, each figure with its line in the table.

    Parameters
    ----------
    chosen : county and year → the stamp that was shown

    Returns
    -------
    How many cells were saved, and the counties and years whose drafts somebody changed since, of which nothing, or not all, is taken

    Raises
    ------
    Problems : there is no such table of this person, or it has nothing of what was chosen
    """
    kept = {(county, year): number for county, year, number in _list_kept(office, digest, person)}
    unknown = [key for key in chosen if key not in kept]
    if unknown or not chosen:
        county, year = unknown[0] if unknown else ("", 0)
        refuse_one("PARTS", say("the table has nothing of {county} {year}", county=county, year=year), "counties and years of it")
    saved, changed = 0, []
    for (county, year), stamp in chosen.items():
        part = _make_part(office, store, county, year, kept[county, year], person)
        if part.stamp != stamp:
            changed.append((county, year))
            continue
        seen = {one.given.key: one.given.version for one in part.upload.differences}
        done = take_upload(office, store, county, year, part.upload.number, seen, person, address)
        saved += len(done.cells)
        if done.conflicts:
            changed.append((county, year))
    return saved, tuple(changed)


def _group(
    rows: Iterable[Mapping[str, Any]], name: str, person: Person
) -> tuple[dict[tuple[str, int], list[Mapping[str, Any]]], list[Problem]]:
    """Return county and year → rows that are the person's to fill, and what is wrong with the others, a county once."""
    groups: dict[tuple[str, int], list[Mapping[str, Any]]] = {}
    said: dict[tuple[str, str], Problem] = {}
    known = read_regions()
    for row in rows:
        county, year = (str(row.get(key) if row.get(key) is not None else "").strip() for key in ("county", "year"))
        line = int(row["line"])
        if county not in known:
            found = say("county is {text!r}", text=county[:40])
            said.setdefault((county, ""), Problem(name, line, found, "a six-digit GB/T 2260 code"))
        elif not (year.isascii() and year.isdecimal() and FIRST_YEAR <= int(year[:5]) <= LAST_YEAR):
            found = say("year is {text!r}", text=year[:40])
            expected = say("a year from {first} to {last}, four digits", first=FIRST_YEAR, last=LAST_YEAR)
            said.setdefault(("", year), Problem(name, line, found, expected))
        elif not person.may(Action.FILL, county):
            found = say("{county} is not in your place", county=county)
            said.setdefault((county, ""), Problem(name, line, found, "accounts of your own place"))
        else:
            groups.setdefault((county, int(year)), []).append(row)
    return groups, list(said.values())


def _list_kept(office: Office, digest: str, person: Person) -> list[tuple[str, int, int]]:
    """Return county, year and number of what is kept of a table, by county and year.

    Raises
    ------
    Problems : there is nothing
    """
    found = office.rows(
        "SELECT county, year, max(upload) FROM upload WHERE sha256 = ? AND person = ? GROUP BY county, year ORDER BY county, year",
        (digest, person.name),
    )
    if not found:
        refuse_one("FILE", "there is no such table", "a file that you uploaded", "upload it again")
    return [(str(county), int(year), int(number)) for county, year, number in found]


def _make_part(office: Office, store: Store, county: str, year: int, number: int, person: Person) -> Part:
    upload = compare_upload(office, store, county, year, number, person)
    seen = "\n".join(f"{one.given.key} {one.given.version}" for one in upload.differences)
    return Part(county, year, upload, hashlib.sha256(f"{number}\n{seen}".encode()).hexdigest()[:16])
