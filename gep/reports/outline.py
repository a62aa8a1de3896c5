"""The sections of a county report in their order, the same in every form that has pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gep.statements.assets import GRADES_OF_WATER, OWN, QUALITY, SECTIONS

if TYPE_CHECKING:
    from gep.messages.tables import Table
    from gep.reports.model import Report
    from gep.reports.words import Words

NUMBERED = (
    "summary",
    "scope",
    "extent",
    "catalogue",
    "methods",
    "quantities",
    "value",
    "indices",
    "comparison",
    "sensitivity",
    "bands",
    "schemes",
    "unverified",
    "signoff",
)
ANNEXES = ("annex_a", "annex_b", "annex_c", "annex_d", "annex_e")
_TITLES_OF_PARTS = {"signoff": "signoff"}
_TITLES = {"quantities": "quantities_prices", "value": "value_table"}

_PARTS = (
    "overview",
    "status",
    "land",
    "condition",
    "course",
    "causes",
    "targets",
    "departments",
    "money",
    "products",
    "open",
    "analysis",
    "proposals",
    "signoff",
)
"""The parts of reports for those who decide, in their order."""
_OF_AREAS = {"targets", "departments", "money"}
_WITHOUT = {
    "congress": {"land", "departments"},
    "province": _OF_AREAS,
    "basin": {"targets", "departments"},
    "redline": _OF_AREAS,
    "reserves": _OF_AREAS,
    "key_counties": {"departments"},
    "term": {"course", "departments", "proposals"},
    "assessment": {"land", "condition", "course", "causes", "money", "products", "proposals"},
}
BRIEFINGS = {kind: tuple(part for part in _PARTS if part not in without) for kind, without in _WITHOUT.items()}
"""Kind of a report for those who decide → its parts: to the people's congress, the five evaluations, the audit of a term, the
assessment of departments."""
BODIES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "overview": (("overview",), ()),
    "status": (("value", "indices", "bands"), ("shares",)),
    "land": (("extent",), ("ecosystems",)),
    "condition": ((QUALITY, GRADES_OF_WATER, SECTIONS, OWN), ()),
    "course": (("series",), ("series",)),
    "causes": (("change",), ("waterfall",)),
    "targets": (("targets",), ()),
    "departments": (("departments",), ()),
    "money": ((), ()),
    "products": (("products",), ()),
    "open": (("missing", "alerts", "explanations"), ()),
    "analysis": ((), ()),
    "proposals": ((), ()),
}
"""Part of such a report → the tables and figures it shows."""
WRITTEN = frozenset({"analysis", "proposals"})
"""Parts that the office alone fills."""
_BEGINS_WITH = {
    **{name: name for name in ("extent", "catalogue", "quantities", "value", "indices", "sensitivity")},
    "comparison": "series",
    "annex_a": "inputs",
    "annex_b": "coefficients",
    "annex_d": "quantity_matrix",
    **{name: tables[0] for name, (tables, _) in BODIES.items() if tables and name != "status"},
}
"""Section → the table that stands right below its heading."""


@dataclass(frozen=True)
class Section:
    """A heading of the report; annexes have no number."""

    id: str
    number: str
    title: str


def make_outline(report: Report, words: Words) -> list[Section]:
    """Return the sections that the report has, numbered in their order."""
    if report.kind in BRIEFINGS:
        parts = [name for name in BRIEFINGS[report.kind] if _has_part(report, name)]
        return [Section(name, str(at), words[_TITLES_OF_PARTS.get(name, f"part_{name}")]) for at, name in enumerate(parts, 1)]
    has = {
        "value": bool(report.tables["value"].rows),
        "indices": bool(report.tables["value"].rows or report.tables["indices"].rows or report.tables["shown"].rows),
        "comparison": bool(report.tables["series"].rows or report.tables["quantity_series"].rows),
        "sensitivity": bool(report.tables["sensitivity"].rows),
        "bands": bool(report.tables["bands"].rows),
        "schemes": bool(report.schemes),
        "annex_d": bool(
            report.tables["matrix_detail"].rows or (report.tables["value"].rows and report.tables["quantity_matrix"].rows)
        ),
    }
    numbered = [name for name in NUMBERED if has.get(name, True)]
    titles = _TITLES if has["value"] else {}
    found = [Section(name, str(at), words[titles.get(name, name)]) for at, name in enumerate(numbered, 1)]
    return found + [Section(name, "", words[name]) for name in ANNEXES if has.get(name, True)]


def find_first_table(report: Report, section: Section) -> Table | None:
    """Return the table right below the heading of a section, which stands on the same page; None: there is none, or it is empty."""
    table = report.tables.get(_BEGINS_WITH.get(section.id, ""))
    return table if table is not None and table.rows else None


def _has_part(report: Report, name: str) -> bool:
    """Return whether a part has anything to say; what the office is to write stands there, and says so, if it wrote nothing."""
    if name in WRITTEN or name == "signoff" or any(one.part == name for one in report.texts):
        return True
    if name == "money":
        return bool(report.schemes)
    return any(table in report.tables and report.tables[table].rows for table in BODIES[name][0])
