"""Reads what a scheme states in a table beside it: sections with the parties above and below, and numbers for each of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gep.files.table import decode, read_table
from gep.files.written_names import clean_text
from gep.messages.problems import Problem, refuse, refuse_one
from gep.messages.texts import say
from gep.units.money import parse_decimal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gep.files.yaml_lines import Document

TABLE, COLUMN = "table", "column"
OF_MEMBERS = ("party", "code", "name")
OF_SECTIONS = ("section", "name", "party", "upstream", "downstream")


def fill_in_tables(document: Document) -> Document:
    """Return a document with `members: {table: FILE}` and `sections: {table: FILE}` filled in, and constants that name a column.

    The files are CSV or workbooks in the folder of the document: of members with the columns party, code and name (one of the two), of
    sections with section, name, upstream, downstream (or party), and one for each constant that has `column: NAME` in
    place of `value`.

    Raises
    ------
    Problems : a table cannot be read, a party or section stands twice or has no id, or a number is none
    """
    return _fill_in_sections(_fill_in_members(document))


def _fill_in_members(document: Document) -> Document:
    members = document.content.get("members")
    if not isinstance(members, dict) or set(members) != {TABLE}:
        return document
    table = _read_beside(document, "members", str(members[TABLE]), ("party",), OF_MEMBERS[1:])
    if not any(row["code"] or row["name"] for _, row in table.rows):
        refuse_one(table.file, "the table has no members", say("the columns {wanted}", wanted=",".join(OF_MEMBERS)), line=1)
    found = table.read_ids("party", "the party {name!r} has no id or stands twice", "each party once", OF_MEMBERS[1:])
    parties = document.content.get("parties")
    content = {**document.content, "parties": {**(parties if isinstance(parties, dict) else {}), **found}, "members": list(found)}
    return replace(document, text=f"{document.text}\n---\n{table.text}", content=content)


def _fill_in_sections(document: Document) -> Document:
    sections = document.content.get("sections")
    if not isinstance(sections, dict) or set(sections) != {TABLE}:
        return document
    constants = document.content.get("constants")
    columns = {
        name: str(one[COLUMN])
        for name, one in (constants.items() if isinstance(constants, dict) else ())
        if isinstance(one, dict) and COLUMN in one
    }
    table = _read_beside(
        document, "sections", str(sections[TABLE]), ("section", "name", *dict.fromkeys(columns.values())), OF_SECTIONS[2:]
    )
    if not any(row["party"] or row["upstream"] for _, row in table.rows):
        refuse_one(table.file, "the table has no sections", say("the columns {wanted}", wanted=",".join(OF_SECTIONS)), line=1)
    found = table.read_ids("section", "the section {name!r} has no id or stands twice", "each section once", OF_SECTIONS[1:])
    problems: list[Problem] = []
    numbers = {
        name: {
            **{key: part for key, part in one.items() if key != COLUMN},
            "value": table.read_numbers("section", columns[name], problems),
        }
        for name, one in (constants.items() if isinstance(constants, dict) else ())
        if name in columns
    }
    refuse(problems)
    content: dict[str, Any] = {**document.content, "sections": found}
    if numbers:
        content["constants"] = {**content["constants"], **numbers}
    return replace(document, text=f"{document.text}\n---\n{table.text}", content=content)


@dataclass(frozen=True)
class _Beside:
    """A table beside a document: its text, its name as people see it, and its rows with their lines."""

    text: str
    file: str
    rows: list[tuple[int, dict[str, str]]]

    def read_ids(self, key: str, twice: str, expected: str, columns: Iterable[str]) -> dict[str, dict[str, str]]:
        """Return id → what its row states in columns; every id once, or it is refused."""
        problems: list[Problem] = []
        found: dict[str, dict[str, str]] = {}
        for line, row in self.rows:
            name = row[key]
            if not name or name in found:
                problems.append(Problem(self.file, line, say(twice, name=name), expected))
            found[name] = {column: row[column] for column in columns if row[column]}
        refuse(problems)
        return found

    def read_numbers(self, key: str, column: str, problems: list[Problem]) -> dict[str, str]:
        """Return id → the decimal in a column; what is none is added to the problems."""
        for line, row in self.rows:
            try:
                parse_decimal(row[column])
            except ValueError as error:
                problems.append(Problem(self.file, line, error.args[0], 'digits with at most one decimal point, such as "0.50"'))
        return {row[key]: row[column] for _, row in self.rows}


def _read_beside(document: Document, part: str, file: str, required: tuple[str, ...], optional: tuple[str, ...]) -> _Beside:
    path = Path(document.file).parent / file
    if not path.is_file():
        refuse_one(
            document.file,
            say("there is no table {file}", file=str(path)),
            "a CSV table beside the scheme",
            line=document.line((part, TABLE)),
        )
    table, problems = read_table(path, required, tuple(name for name in optional if name not in required))
    refuse(problems)
    if table is None:
        refuse_one(str(path), "the file is no text", "a CSV table", line=1)
    rows = [
        (line, {name: clean_text(text or "") for name, text in row.items()})
        for line, row in zip(table.lines.to_pylist(), table.columns.to_pylist(), strict=True)
    ]
    text = decode(path.read_bytes()) or "\n".join(",".join(row.values()) for _, row in rows)  # what is no text by its cells
    return _Beside(text, table.file, rows)
