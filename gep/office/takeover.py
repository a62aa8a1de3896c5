"""The figures of a stored account, which came from files, brought beside the forms; and what keeps a run from losing them unseen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.inputs.workbook.layout import SEPARATOR, read_texts, show_member
from gep.messages.problems import refuse_one
from gep.messages.texts import say
from gep.office.drafts import Cell, read_draft
from gep.office.uploads import KNOWN, has_whole, keep_cells
from gep.reference.survey_types import SURVEY
from gep.store.inputs import read_given_account
from gep.store.newest import read_newest

if TYPE_CHECKING:
    from gep.inputs.given import GivenAccount
    from gep.office.database import Office
    from gep.office.rights import Person
    from gep.store.store import Store

DOES_NOT_APPLY = "不适用"


def read_stored(store: Store, county: str, year: int) -> tuple[int, GivenAccount] | None:
    """Return run and figures of the newest account of a county and year; None where there is none."""
    newest = read_newest(store).get((county, year), ())
    if not newest:
        return None
    last = max(newest, key=lambda one: one.run)
    given = store.remember(("given", last.key), lambda: _read(store, county, year, last.standard))
    return (last.run, given) if given is not None else None


def _read(store: Store, county: str, year: int, standard: str) -> GivenAccount | None:
    with store:
        return read_given_account(store, county, year, standard)


def count_left(office: Office, store: Store, county: str, year: int) -> tuple[int, int, int] | None:
    """Return run, figures of the newest account and figures in the forms, where these are fewer; None where they are not."""
    stored = read_stored(store, county, year)
    if stored is None:
        return None
    run, given = stored
    typed = sum(bool(cell.value.strip()) and cell.variable != SURVEY for cell in read_draft(office, county, year).values())
    rested = len(given.rows) + len(given.answers)
    return (run, rested, typed) if typed < rested else None


def need_reason(office: Office, store: Store, county: str, year: int) -> None:
    """Refuse to compute an account anew from fewer figures than it rests on, unless somebody says why.

    Raises
    ------
    Problems : the forms hold fewer figures than the newest account
    """
    left = count_left(office, store, county, year)
    if left is not None:
        run, rested, typed = left
        refuse_one(
            "REASON",
            say("run {run} rests on {rested} figures, the forms hold {typed}", run=run, rested=rested, typed=typed),
            "all figures of the account in the forms, or a reason",
            "take the figures of the account over into the forms first, or write why it is run again",
        )


def keep_account(office: Office, store: Store, county: str, year: int, person: Person, address: str = "") -> int:
    """Keep the figures of the newest account as an uploaded file is kept, and return its number; nothing of the draft changes.

    Raises
    ------
    Problems : there is no account
    """
    stored = read_stored(store, county, year)
    if stored is None:
        refuse_one("COUNTY", say("there is no account of {county} for {year} yet", county=county, year=year))
    run, given = stored
    name = f"run {run}"
    cells = []
    for row in given.rows:
        shown = SEPARATOR.join(show_member(one) for one in (row.ecosystem, row.pollutant, row.product) if one)
        member = shown or (str(read_texts()["whole"]) if has_whole(row.variable) else "")
        cells.append(Cell(row.variable, member, row.value_given, row.unit_given, row.source, row.note, origin=name))
    cells += [Cell(one.identity, "", DOES_NOT_APPLY, "", one.source, one.note, origin=name) for one in given.answers]
    kept = [one for one in cells if one.variable in KNOWN]
    return keep_cells(office, county, year, name, "", kept, [], "", person, address)
