"""Takes a step of review: submits, approves or returns an account, or many, after they were computed again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from gep.files.table import read_table
from gep.messages.problems import Problem, Problems, refuse, refuse_one
from gep.messages.texts import say
from gep.reference.regions import find, list_counties_inside, name_region
from gep.review.review import refuse_what_does_not_follow
from gep.store.signing import SUBMITTED, list_open_findings
from gep.tasks.find import find_account

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gep.store.signing import Event
    from gep.store.store import Store


def sign_account(
    store: Store, county: str, year: int, step: str, who: str, note: str = "", standard: str | None = None, expected: str = ""
) -> Event:
    """Add a step of review of the newest account of a county and year; found, checked and signed in one transaction.

    Parameters
    ----------
    county   : six-digit code, or a name in Chinese or English
    step     : submitted, approved or returned
    who      : name of the person
    note     : required for approvals and returns; of a submission it answers findings that nobody explained
    standard : id, or the file of a standard; None: the default one, or the only one there is
    expected : the first digits of the hash that the person looked at; empty: not asked

    Raises
    ------
    Problems : no such account, results that do not follow from the stored inputs (on submission), a step that does not follow
               from the state, maker and checker are one, or findings that stand in the way
    """
    with store.changing(new=False):
        key = find_account(store, county, year, standard)
        if step == SUBMITTED:
            refuse_what_does_not_follow(store, key)
        return store.sign(key, step, who, note, expected)


@dataclass(frozen=True)
class Batch:
    """What became of many accounts: the steps that were taken, each on the hash of its own results, and the accounts left out, with why."""

    events: tuple[Event, ...]
    left_out: tuple[tuple[str, Problem], ...]


def list_places(given: str) -> list[tuple[str, str]]:
    """Return the counties of a city or province, or of a file of codes, each with the hash that is expected (empty: none).

    Parameters
    ----------
    given : code or name of a city or province; or a CSV file with the column county, and sha256 if hashes are to be checked

    Raises
    ------
    Problems : a file that cannot be read, an unknown place, or one without counties
    """
    path = Path(given)
    if path.suffix.lower() in {".csv", ".txt"}:
        table, problems = read_table(path, ("county",), ("sha256",))
        refuse(problems)
        rows = (
            []
            if table is None
            else list(zip(table.columns["county"].to_pylist(), table.columns["sha256"].to_pylist(), strict=True))
        )
        if not rows:
            refuse_one(str(path), "the file is empty", "a column county")
        places = [(str(code or "").strip(), str(digest or "").strip()) for code, digest in rows]
        _refuse_twice(path, zip(table.lines.to_pylist() if table else (), (code for code, _ in places), strict=True))
        return places
    codes = [one.code for one in find(given)]
    inside = [one.code for code in codes for one in list_counties_inside(code)]
    if not inside:
        refuse_one("COUNTY", say("{name!r} has no counties inside", name=given), "a city, a province, or a file of codes")
    return [(code, "") for code in inside]


def _refuse_twice(path: Path, written: Iterable[tuple[int, str]]) -> None:
    """Refuse a county that stands in a file of codes twice, by its code and by its name too."""
    seen: dict[str, str] = {}
    problems: list[Problem] = []
    for line, name in written:
        found = find(name) if name else []
        code = found[0].code if len(found) == 1 else name
        if code in seen:
            what = name if name == seen[code] else f"{name} ({seen[code]})"
            problems.append(Problem(str(path), line, say("{what} stands twice", what=what), "each county once"))
        seen.setdefault(code, name)
    refuse(problems)


def sign_many(
    store: Store,
    places: Sequence[tuple[str, str]],
    year: int,
    step: str,
    who: str,
    note: str = "",
    standard: str | None = None,
    *,
    clean: bool = False,
) -> Batch:
    """Take a step of review for many accounts in one transaction, each on the hash of its own results.

    Parameters
    ----------
    places : county and the first digits of the hash that is expected, empty: not asked
    note   : as `sign_account` takes it, of every account
    clean  : leave out what cannot be signed, and every account with open findings of grade A or B; otherwise any of them stops all

    Raises
    ------
    Problems : why accounts cannot be signed, all at once, where they are not left out; then nothing is stored
    """
    events: list[Event] = []
    left_out: list[tuple[str, Problem]] = []
    with store.changing(new=False):
        for county, expected in places:
            try:
                if clean:
                    refuse(list_open_findings(store.connection, find_account(store, county, year, standard)))
                events.append(sign_account(store, county, year, step, who, note, standard, expected))
            except Problems as error:
                left_out += [(county, one) for one in error.problems]
        if left_out and not clean:
            raise Problems(
                [
                    replace(one, found=say("{account}: {found}", account=f"{name_region(county, year)} {year}", found=one.found))
                    for county, one in left_out
                ]
            )
    return Batch(tuple(events), tuple(left_out))
