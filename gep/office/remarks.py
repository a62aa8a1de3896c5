"""What a reviewer says about a cell: it stands at the cell until somebody saves the cell again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gep.office.journal import note_act, now

if TYPE_CHECKING:
    from gep.office.database import Office
    from gep.office.rights import Person


@dataclass(frozen=True)
class Remark:
    """A note to a cell.

    Attributes
    ----------
    version : of the cell when the note was written, 0 where nothing was ever saved
    person, shown : account of who wrote it, and their own name
    at      : UTC
    """

    variable: str
    member: str
    version: int
    text: str
    person: str
    shown: str
    at: str

    @property
    def key(self) -> tuple[str, str]:
        """The cell."""
        return self.variable, self.member


def write_remark(
    office: Office, county: str, year: int, cell: tuple[str, str], version: int, text: str, person: Person, address: str = ""
) -> None:
    """Attach a note to a cell.

    Parameters
    ----------
    cell : variable and member as shown
    version : of the cell that the person looked at
    """
    with office.changing() as connection:
        connection.execute(
            "INSERT INTO remark (county, year, variable, member, version, text, person, shown, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (county, year, *cell, version, text, person.name, person.shown, now()),
        )
        note_act(connection, person.name, address, "remark", f"{county} {year} {cell[0]}|{cell[1]}#{version}", text)


def read_remarks(office: Office, county: str, year: int) -> dict[tuple[str, str], list[Remark]]:
    """Return the notes to each cell that nobody has saved since, the oldest first."""
    found = office.rows(
        "SELECT variable, member, version, text, person, shown, at FROM remark r WHERE county = ? AND year = ? AND NOT EXISTS ("
        "SELECT 1 FROM cell c WHERE c.county = r.county AND c.year = r.year AND c.variable = r.variable AND c.member = r.member "
        "AND c.version > r.version) ORDER BY remark",
        (county, year),
    )
    notes: dict[tuple[str, str], list[Remark]] = {}
    for row in found:
        one = Remark(*row)
        notes.setdefault(one.key, []).append(one)
    return notes


def read_remarks_of_cell(office: Office, county: str, year: int, cell: tuple[str, str]) -> list[Remark]:
    """Return all notes that were ever written to a cell, the newest first."""
    found = office.rows(
        "SELECT variable, member, version, text, person, shown, at FROM remark WHERE county = ? AND year = ? AND variable = ? "
        "AND member = ? ORDER BY remark DESC",
        (county, year, *cell),
    )
    return [Remark(*row) for row in found]


def count_remarks(office: Office, prefix: str) -> dict[tuple[str, int], dict[str, int]]:
    """Return county and year → variable → how many notes wait for an answer, below a place.

    Parameters
    ----------
    prefix : beginning of the codes
    """
    found = office.rows(
        "SELECT county, year, variable, count(*) FROM remark r WHERE county >= ? AND county < ? AND NOT EXISTS ("
        "SELECT 1 FROM cell c WHERE c.county = r.county AND c.year = r.year AND c.variable = r.variable AND c.member = r.member "
        "AND c.version > r.version) GROUP BY county, year, variable",
        (prefix, prefix + "\uffff"),
    )
    counts: dict[tuple[str, int], dict[str, int]] = {}
    for county, year, variable, count in found:
        counts.setdefault((county, year), {})[variable] = count
    return counts
