"""The journal, for administrator and auditor: searched, paged, exported, its chain walked; nothing there can be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.office.heads import walk_journal
from gep.office.journal import read_entries, write_entries
from gep.office.rights import Action
from gep.web.render import show
from gep.web.route import Route

if TYPE_CHECKING:
    from starlette.responses import Response

    from gep.office.heads import JournalWalk
    from gep.web.ask import Ask

PAGE, ALL = 100, 1_000_000
"""Entries on a page, and in an export."""


def _before(ask: Ask) -> int | None:
    text = ask.query.get("before", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None  # noqa: PLR2004 - digits of a number that SQLite holds


def _show_journal(ask: Ask) -> Response:
    search = ask.query.get("search", "").strip()
    found = read_entries(ask.office, before=_before(ask), count=PAGE + 1, search=search)
    walk: JournalWalk | None = None
    if "check" in ask.query:
        with ask.store().alone():
            walk = walk_journal(ask.site.keeper.path)
    return show(ask, "journal.html", entries=found[:PAGE], more=len(found) > PAGE, search=search, walk=walk, here="journal")


def _export(ask: Ask) -> Response:
    found = read_entries(ask.office, count=ALL, search=ask.query.get("search", "").strip())
    return ask.download(write_entries(found), "journal.csv", "text/csv")


ROUTES = (Route("/journal", _show_journal, Action.AUDIT), Route("/journal/export", _export, Action.AUDIT))
