"""A report as JSON: the whole content, numbers unrounded, with the version of its form."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from gep.messages.plain import make_plain

if TYPE_CHECKING:
    from gep.messages.tables import Table
    from gep.reports.model import Report
    from gep.reports.yearbook import Yearbook

VERSION = 1
"""Raised when a name changes its meaning or goes; new names do not raise it."""


def write_report_json(report: Report | Yearbook) -> bytes:
    """Return the content of a report as JSON; figures are their numbers and words."""
    found: dict[str, Any] = asdict(report)
    found["tables"] = {name: _table(table) for name, table in report.tables.items()}
    found["schemes"] = [_table(table) for table in report.schemes]
    for figure in found["figures"].values():
        del figure["svg"]
    return (
        json.dumps(
            {
                "format": "gep-yearbook" if report.kind == "yearbook" else "gep-report",
                "version": VERSION,
                "report": make_plain(found),
            },
            ensure_ascii=False,
            indent=1,
            allow_nan=False,
        )
        + "\n"
    ).encode()


def _table(table: Table) -> dict[str, Any]:
    """Return a table with a dict a row; a heading within it has only its first cell."""
    columns = [{"id": one.id, "title": one.title, "kind": one.kind, "unit": one.unit} for one in table.columns]
    rows = [
        {"kind": row.kind, **{column.id: cell for column, cell in zip(table.columns, row.cells, strict=True)}}
        for row in table.rows
    ]
    return {"code": table.code, "title": table.title, "note": table.note, "columns": columns, "rows": rows}
