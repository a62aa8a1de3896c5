"""`gep products series`: monitored series are kept in the store, and read from it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from gep.files.written_names import check_person, clean_reason
from gep.messages.problems import refuse, refuse_one
from gep.messages.texts import say
from gep.products.series import Series, join_series, read_period, read_series
from gep.reference.regions import look_up_division
from gep.store.products import keep_watched
from gep.store.series import KeptPoint, list_points
from gep.store.store import Store
from gep.worked.calculation import Figure
from gep.worked.written import Reader

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def find_kept_series(store: Store, county: str, where: str = "COUNTY") -> list[Series]:
    """Return the series of a county that the store keeps, as last corrected.

    Raises
    ------
    Problems : an unknown county, or no series of it
    """
    code = look_up_division(county, where).code
    found = read_kept_series(store, code)
    if not found:
        refuse_one(
            where,
            say("there is no series of {county} in the store", county=code),
            say("series that gep products series entered with --keep"),
        )
    return found


def read_kept_series(store: Store, code: str) -> list[Series]:
    """Return the series of a place that the store keeps; none where there is no store."""
    if not store.exists:
        return []
    with store:
        return make_series(list_points(store, code))


def make_series(points: Sequence[KeptPoint]) -> list[Series]:
    """Return reports as series, each figure with where it came from."""
    found: dict[tuple[str, str], Series] = {}
    for one in points:
        step, period = read_period(one.period) or ("", 0)
        series = found.setdefault((one.variable, one.place), Series(one.variable, one.place, one.unit, step, {}))
        series.points[period] = Figure(one.value, one.given, one.address, one.source)
    return list(found.values())


def keep_series(store: Path, county: str, paths: Sequence[Path], who: str, reason: str = "") -> tuple[int, list[Series]]:
    """Enter the reports of tables that are not kept yet, and return how many these are, with all series of the tables as now kept.

    Parameters
    ----------
    reason : why figures differ from those kept; empty: such figures are refused

    Raises
    ------
    Problems : an unknown county, nobody's name, or everything that is wrong in the tables
    """
    code = look_up_division(county, "--county").code
    refuse(check_person("--by", who, say("a text")))
    reader = Reader()
    sent = read_series(list(paths), reader)
    reader.refuse()
    kept = read_kept_series(Store(store), code)
    today = datetime.now().astimezone().date()
    joined, fresh = join_series(kept, sent, today, reader, correct=bool(clean_reason(reason)))
    reader.refuse()
    points = make_points(Store(store), code, fresh, reason)
    if points:
        keep_watched(store, who, points, ())
    names = {(one.variable, one.place) for one in sent}
    return len(points), [one for one in joined if (one.variable, one.place) in names]


def make_points(store: Store, code: str, fresh: Sequence[Series], reason: str) -> list[KeptPoint]:
    """Return reports as they are kept; one whose period stands already is a correction with its reason."""
    before = {}
    if store.exists:
        with store:
            before = {(one.variable, one.place, one.period): one.correction for one in list_points(store, code)}
    found = []
    for one in fresh:
        for period, figure in sorted(one.points.items()):
            key = (one.variable, one.place, one.name(period))
            number = before.get(key, -1) + 1
            why = clean_reason(reason) if number else ""
            given, source, address = figure.given, figure.source, figure.address
            found.append(KeptPoint(code, *key, number, given, figure.value, one.unit, source, address, why))
    return found
