"""Reads what a scheme states in a table beside it: sections with the parties above and below, and numbers for each of them."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gep.files.table import decode
from gep.messages.problems import Problem, refuse, refuse_one
from gep.messages.texts import join_list, say
from gep.units.money import parse_decimal

if TYPE_CHECKING:
    from gep.files.yaml_lines import Document

TABLE, COLUMN = "table", "column"
OF_SECTIONS = ("section", "name", "party", "upstream", "downstream")


def fill_in_tables(document: Document) -> Document:
    """Return a document with `members: {table: FILE}` and `sections: {table: FILE}` filled in, and constants that name a column.

    The files are CSV in the folder of the document: of members with the columns party, code and name (one of the two), of
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
    text, rows, shown = _read_table(document, "members", str(members[TABLE]))
    if not rows or "party" not in rows[0] or not {"code", "name"} & set(rows[0]):
        refuse_one(shown, "the table has no members", say("the columns {wanted}", wanted="party,code,name"), line=1)
    problems: list[Problem] = []
    found: dict[str, dict[str, str]] = {}
    for line, row in enumerate(rows, start=2):
        name = (row["party"] or "").strip()
        if not name or name in found:
            problems.append(
                Problem(shown, line, say("the party {name!r} has no id or stands twice", name=name), "each party once")
            )
        found[name] = {key: row[key].strip() for key in ("code", "name") if row.get(key)}
    refuse(problems)
    parties = document.content.get("parties")
    content = {**document.content, "parties": {**(parties if isinstance(parties, dict) else {}), **found}, "members": list(found)}
    return replace(document, text=f"{document.text}\n---\n{text}", content=content)


def _read_table(document: Document, part: str, file: str) -> tuple[str, list[dict[str, str]], str]:
    """Return the text, the rows and the shown name of a table beside a document."""
    path = Path(document.file).parent / file
    try:
        text = decode(path.read_bytes()) or ""
    except OSError:
        refuse_one(
            document.file,
            say("there is no table {file}", file=str(path)),
            "a CSV table beside the scheme",
            line=document.line((part, TABLE)),
        )
    return text, list(csv.DictReader(io.StringIO(text))), str(path)


def _fill_in_sections(document: Document) -> Document:
    sections = document.content.get("sections")
    if not isinstance(sections, dict) or set(sections) != {TABLE}:
        return document
    text, rows, shown = _read_table(document, "sections", str(sections[TABLE]))
    heads = set(rows[0]) if rows else set()
    if not {"section", "name"} <= heads or not heads & {"party", "upstream"}:
        refuse_one(shown, "the table has no sections", say("the columns {wanted}", wanted=",".join(OF_SECTIONS)), line=1)
    problems: list[Problem] = []
    found: dict[str, dict[str, str]] = {}
    for line, row in enumerate(rows, start=2):
        name = (row["section"] or "").strip()
        if not name or name in found:
            problems.append(
                Problem(shown, line, say("the section {name!r} has no id or stands twice", name=name), "each section once")
            )
        found[name] = {key: (row.get(key) or "").strip() for key in OF_SECTIONS[1:] if (row.get(key) or "").strip()}
    constants = document.content.get("constants")
    numbers = {
        name: {
            **{key: part for key, part in one.items() if key != COLUMN},
            "value": _read_column(one[COLUMN], rows, shown, problems),
        }
        for name, one in (constants.items() if isinstance(constants, dict) else ())
        if isinstance(one, dict) and COLUMN in one
    }
    refuse(problems)
    content: dict[str, Any] = {**document.content, "sections": found}
    if numbers:
        content["constants"] = {**content["constants"], **numbers}
    return replace(document, text=f"{document.text}\n---\n{text}", content=content)


def _read_column(column: str, rows: list[dict[str, str]], shown: str, problems: list[Problem]) -> dict[str, str]:
    found = {}
    if column not in rows[0]:
        problems.append(
            Problem(
                shown, 1, say("the table has no column {name!r}", name=column), say("one of {names}", names=join_list(rows[0]))
            )
        )
        return {}
    for line, row in enumerate(rows, start=2):
        text = (row[column] or "").strip()
        try:
            parse_decimal(text)
        except ValueError as error:
            problems.append(Problem(shown, line, error.args[0], 'digits with at most one decimal point, such as "0.50"'))
        found[(row["section"] or "").strip()] = text
    return found
