"""What is typed into the forms: every saving of a cell is kept, with who and when; a run takes the newest of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gep.office.journal import note_act, now
from gep.reference.regions import DIVISION_DIGITS, list_chain

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping

    from gep.office.database import Office
    from gep.office.rights import Person

LONGEST = 4000
"""Characters a field of a cell may have."""
FILLED, REOPENED = "filled", "reopened"
"""Steps of a form: handed in, and open again."""


@dataclass(frozen=True)
class Cell:
    """One saving of a cell.

    Attributes
    ----------
    version : number of the saving, 0 for a cell in which nothing was ever saved
    member  : as the form shows it: 全县, 常绿阔叶林, a product of the county's own
    value, unit, source, note : as typed; an empty value is no figure
    person, shown : account, and the person's own name at that time
    at      : UTC
    way     : typed, pasted, uploaded, survey, reference, api, undo
    origin  : where the figure was taken from, where it was not typed: file and cell, classes of a land survey; empty: typed
    """

    variable: str
    member: str
    value: str = ""
    unit: str = ""
    source: str = ""
    note: str = ""
    version: int = 0
    person: str = ""
    shown: str = ""
    at: str = ""
    way: str = ""
    origin: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What tells a cell from the others of a county and year."""
        return self.variable, self.member

    @property
    def content(self) -> tuple[str, str, str, str]:
        """What was typed."""
        return self.value, self.unit, self.source, self.note


@dataclass(frozen=True)
class Saved:
    """What became of cells that were to be saved: those kept, and the newer ones of others that stood in the way."""

    cells: tuple[Cell, ...]
    conflicts: tuple[Cell, ...]


def save_cells(
    office: Office, county: str, year: int, cells: Iterable[Cell], person: Person, way: str = "typed", address: str = ""
) -> Saved:
    """Keep what was typed into cells, each on its own; on the disk when this returns.

    Parameters
    ----------
    cells : with the version that the person saw; one that somebody else changed since is not touched but returned as a conflict
    way   : typed, pasted, uploaded, survey, reference, api, undo

    Returns
    -------
    Saved, in the order given; a cell whose content is as it was is returned as it was
    """
    kept, conflicts = [], []
    with office.changing() as connection:
        for cell in cells:
            there = _newest(connection, county, year, *cell.key)
            if there is not None and there.content == cell.content:
                kept.append(there)
            elif there is not None and there.version != cell.version:
                conflicts.append(there)
            else:
                kept.append(_insert(connection, county, year, cell, person, way))
        new = [one for one in kept if one.way == way and one.person == person.name]
        if new:
            what = " ".join(f"{one.variable}|{one.member}#{one.version}" for one in new[:20])
            note_act(connection, person.name, address, f"cells {way}", f"{county} {year}", f"{len(new)}: {what}")
    return Saved(tuple(kept), tuple(conflicts))


def read_draft(office: Office, county: str, year: int) -> dict[tuple[str, str], Cell]:
    """Return the newest saving of each cell of a county and year, emptied ones too."""
    found = office.rows(
        "SELECT *, max(version) FROM cell WHERE county = ? AND year = ? GROUP BY variable, member", (county, year)
    )  # SQLite gives the other columns of the row that has the greatest
    return {(row["variable"], row["member"]): _cell(row) for row in found}


def read_stamp(office: Office, county: str, year: int) -> tuple[int, ...]:
    """Return what changes whenever anything of a county's year that a check looks at does."""
    return tuple(
        int(office.rows(f"SELECT coalesce(max(version), 0) FROM {table} WHERE county = ? AND year = ?", (county, year))[0][0])  # noqa: S608 - names of our own tables
        for table in ("cell", "choice", "explanation")
    )


def read_cell_history(office: Office, county: str, year: int, variable: str, member: str) -> list[Cell]:
    """Return all savings of a cell, the newest first."""
    found = office.rows(
        "SELECT * FROM cell WHERE county = ? AND year = ? AND variable = ? AND member = ? ORDER BY version DESC",
        (county, year, variable, member),
    )
    return [_cell(row) for row in found]


def list_savings(office: Office, county: str, year: int) -> list[Cell]:
    """Return all savings of all cells of a county and year, the earliest first."""
    return [
        _cell(row) for row in office.rows("SELECT * FROM cell WHERE county = ? AND year = ? ORDER BY version", (county, year))
    ]


def write_choice(office: Office, county: str, year: int, name: str, value: str, person: Person, address: str = "") -> None:
    """Keep a choice of a county and year: `standard`, `price_year`."""
    with office.changing() as connection:
        connection.execute(
            "INSERT INTO choice (county, year, name, value, person, at) VALUES (?, ?, ?, ?, ?, ?)",
            (county, year, name, value, person.name, now()),
        )
        note_act(connection, person.name, address, f"choice {name}", f"{county} {year}", value)


def read_choices(office: Office, county: str, year: int) -> dict[str, str]:
    """Return the newest choices of a county and year."""
    found = office.rows("SELECT name, value FROM choice WHERE county = ? AND year = ? ORDER BY version", (county, year))
    return {row[0]: row[1] for row in found}


def write_explanation(
    office: Office, county: str, year: int, finding: tuple[str, str, str], text: str, person: Person, address: str = ""
) -> None:
    """Keep the written explanation of a finding.

    Parameters
    ----------
    finding : its code, its place and what was found
    """
    with office.changing() as connection:
        connection.execute(
            "INSERT INTO explanation (county, year, code, place, found, text, person, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (county, year, *finding, text, person.name, now()),
        )
        note_act(connection, person.name, address, "explanation", f"{county} {year} {finding[0]} {finding[1]}", text)


def read_explanations(office: Office, county: str, year: int) -> dict[tuple[str, str, str], str]:
    """Return code, place and what was found → the newest explanation."""
    found = office.rows(
        "SELECT code, place, found, text FROM explanation WHERE county = ? AND year = ? ORDER BY version", (county, year)
    )
    return {(row[0], row[1], row[2]): row[3] for row in found}


@dataclass(frozen=True)
class FormStep:
    """A department's form handed in or given back: `filled` or `reopened`; who, when (UTC), and why."""

    department: str
    step: str
    note: str
    person: str
    shown: str
    at: str


def take_step(
    office: Office, county: str, year: int, department: str, step: str, person: Person, note: str = "", address: str = ""
) -> None:
    """Hand in a department's form (`filled`), or give it back (`reopened`)."""
    with office.changing() as connection:
        connection.execute(
            "INSERT INTO step (county, year, department, step, note, person, shown, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (county, year, department, step, note, person.name, person.shown, now()),
        )
        note_act(connection, person.name, address, f"form {step}", f"{county} {year} {department}", note)


def read_steps(office: Office, county: str, year: int) -> dict[str, FormStep]:
    """Return department → the last step of its form."""
    found = office.rows(
        "SELECT department, step, note, person, shown, at FROM step WHERE county = ? AND year = ? ORDER BY version",
        (county, year),
    )
    return {row[0]: FormStep(*row) for row in found}


def write_deadline(office: Office, place: str, year: int, department: str, day: str, by: str, address: str = "") -> None:
    """Set until when the forms of a year are due in a place.

    Parameters
    ----------
    place : code of a county, city or province
    department : empty: all of them
    day : ISO date; empty: no deadline
    """
    with office.changing() as connection:
        if day:
            connection.execute("INSERT OR REPLACE INTO deadline VALUES (?, ?, ?, ?)", (place, year, department, day))
        else:
            connection.execute("DELETE FROM deadline WHERE place = ? AND year = ? AND department = ?", (place, year, department))
        note_act(connection, by, address, "deadline", f"{place} {year} {department}".strip(), day)


def read_deadlines(office: Office) -> dict[tuple[str, int, str], str]:
    """Return place, year and department (empty: all of them) → ISO date until which forms are due."""
    return {(row[0], row[1], row[2]): row[3] for row in office.rows("SELECT place, year, department, day FROM deadline")}


def find_due(deadlines: Mapping[tuple[str, int, str], str], county: str, year: int, department: str) -> str:
    """Return the ISO date until which a form is due: that of the nearest place, of the department before that of all; empty: none."""
    above = (part.ljust(DIVISION_DIGITS, "0") for part in reversed(list_chain(county)) if part.isdigit())
    places = dict.fromkeys((county, *above, ""))
    found = (deadlines.get((place, year, who), "") for place in places for who in (department, ""))
    return next(filter(None, found), "")


def _newest(connection: sqlite3.Connection, county: str, year: int, variable: str, member: str) -> Cell | None:
    row = connection.execute(
        "SELECT * FROM cell WHERE county = ? AND year = ? AND variable = ? AND member = ? ORDER BY version DESC LIMIT 1",
        (county, year, variable, member),
    ).fetchone()
    return _cell(row) if row else None


def _insert(connection: sqlite3.Connection, county: str, year: int, cell: Cell, person: Person, way: str) -> Cell:
    at = now()
    made = connection.execute(
        "INSERT INTO cell (county, year, variable, member, value, unit, source, note, person, shown, at, way, origin) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (county, year, *cell.key, *cell.content, person.name, person.shown, at, way, cell.origin),
    )
    return Cell(*cell.key, *cell.content, made.lastrowid or 0, person.name, person.shown, at, way, cell.origin)


def _cell(row: sqlite3.Row) -> Cell:
    names = ("variable", "member", "value", "unit", "source", "note", "version", "person", "shown", "at", "way", "origin")
    return Cell(*(row[name] for name in names))
