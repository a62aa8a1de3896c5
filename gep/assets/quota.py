"""The ledger of wetland and forest quotas: restored plots, each sold once and only after it was accepted; sales stand in the register."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gep.encumbrance.written import normalise_identity
from gep.messages.problems import Problems
from gep.messages.texts import say
from gep.reference.regions import look_up_division

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from gep.worked.calculation import Figure
    from gep.worked.written import Reader, WrittenRow

PLOT_COLUMNS = ("county", "plot", "kind", "owner", "area", "grade", "restored", "accepted", "source")
SALE_COLUMNS = ("county", "plot", "area", "buyer", "project", "day", "document")
OPTIONAL = ("area_unit",)
KINDS = ("wetland", "forest")
UNIT = "hm^2"
Key = tuple[str, str]
"""County code and number of the plot, as the register has them."""
Held = tuple[int, str, str, "date", "date | None", str]
"""Number, kind, party, first and last day, and document of an entry."""


@dataclass(frozen=True)
class Plot:
    """A restored plot: where, whose, how large (hm2), and when it was restored and accepted; `accepted` None: not yet."""

    county: str
    number: str
    kind: str
    owner: str
    area: Figure
    grade: str
    restored: date
    accepted: date | None
    source: str

    @property
    def key(self) -> Key:
        """What the register knows it by."""
        return self.county, self.number


@dataclass(frozen=True)
class PlotSale:
    """A whole plot sold to somebody for a project that occupies land elsewhere."""

    plot: Plot
    buyer: str
    project: str
    day: date
    paper: str
    row: tuple[str, int]


@dataclass(frozen=True)
class Ledger:
    """Plots with the entry that holds each; one without is free, once it is accepted."""

    plots: tuple[Plot, ...]
    held: Mapping[Key, Held]

    def state(self, plot: Plot) -> str:
        """Return sold, pledged or compensated where it is held, else `free`, or `not accepted`."""
        entry = self.held.get(plot.key)
        return entry[1] if entry else "free" if plot.accepted else "not accepted"

    def sums(self) -> dict[str, dict[str, float]]:
        """Return hectares by kind of quota and state."""
        found: dict[str, dict[str, float]] = {}
        for plot in self.plots:
            of = found.setdefault(plot.kind, {})
            of[self.state(plot)] = of.get(self.state(plot), 0.0) + plot.area.value
        return found

    def row(self, plot: Plot) -> dict[str, Any]:
        """Return a plot as plain values; areas in hm2."""
        entry = self.held.get(plot.key)
        return {
            "county": plot.county,
            "plot": plot.number,
            "kind": plot.kind,
            "owner": plot.owner,
            "area": plot.area.value,
            "given": plot.area.given,
            "grade": plot.grade,
            "restored": plot.restored,
            "accepted": plot.accepted,
            "state": self.state(plot),
            "remaining": 0.0 if entry else plot.area.value,
            "entry": entry[0] if entry else None,
            "party": entry[2] if entry else None,
            "since": entry[3] if entry else None,
            "document": entry[5] if entry else None,
            "address": plot.area.address,
            "source": plot.source,
        }

    def as_dict(self) -> dict[str, Any]:
        """Return the ledger as plain values; areas in hm2."""
        return {"unit": UNIT, "sums": self.sums(), "plots": [self.row(one) for one in self.plots]}


def read_plots(path: Path, reader: Reader) -> list[Plot]:
    """Return the plots of a table; what is wrong with its rows is kept by the reader.

    Parameters
    ----------
    path : table with the columns of `PLOT_COLUMNS`; `accepted` may be empty
    """
    rows = reader.rows(path, PLOT_COLUMNS, OPTIONAL)
    found: dict[Key, Plot] = {}
    for row in rows:
        county, number = _read_key(row, reader)
        kind = reader.word(row, "kind", KINDS)
        for column in ("owner", "grade", "source"):
            reader.text(row, column)
        area = reader.number(row, "area", row["area_unit"], UNIT, above=0, least=None)
        restored = reader.day(row, "restored")
        accepted = reader.day(row, "accepted") if row["accepted"] else None
        if restored and accepted and accepted < restored:
            told = say(
                "{what} was accepted {accepted}, before it was restored {restored}",
                what=number,
                accepted=accepted,
                restored=restored,
            )
            reader.tell(row.file, row.line, told, say("a day from {starts} on", starts=restored))
        if (county, number) in found:
            reader.tell(row.file, row.line, say("{what} stands twice", what=number), say("each plot once"))
        if county and number and kind and area is not None and restored is not None:
            found.setdefault(
                (county, number), Plot(county, number, kind, row["owner"], area, row["grade"], restored, accepted, row["source"])
            )
    return list(found.values())


def read_plot_sales(path: Path, plots: Mapping[Key, Plot], reader: Reader) -> list[PlotSale]:
    """Return the sales of a table; what is wrong with its rows is kept by the reader.

    Parameters
    ----------
    plots : by what the register knows them by
    """
    found = []
    for row in reader.rows(path, SALE_COLUMNS, OPTIONAL):
        county, number = _read_key(row, reader)
        for column in ("buyer", "project", "document"):
            reader.text(row, column)
        day = reader.day(row, "day")
        area = reader.number(row, "area", row["area_unit"], UNIT, above=0, least=None)
        plot = plots.get((county, number))
        if county and number and plot is None:
            reader.tell(
                row.file,
                row.line,
                say("there is no plot {plot} of {county}", plot=number, county=county),
                say("a plot of the ledger"),
            )
        if plot is None or day is None or area is None:
            continue
        if plot.accepted is None or day < plot.accepted:
            told = say("{what} is sold {day} and was not accepted by then", what=number, day=day)
            reader.tell(row.file, row.line, told, say("a plot that was restored and accepted first"))
        if abs(area.value - plot.area.value) > 1e-9 * plot.area.value:
            told = say("{sold} of {what} are sold, it has {area}", sold=area.given, what=number, area=plot.area.given)
            reader.tell(
                row.file,
                row.line,
                told,
                say("a whole plot"),
                say("a part that is sold gets a number of its own in the ledger, and so does the rest"),
            )
        found.append(PlotSale(plot, row["buyer"], row["project"], day, row["document"], (row.file, row.line)))
    return found


def _read_key(row: WrittenRow, reader: Reader) -> Key:
    number = normalise_identity(reader.text(row, "plot"))
    try:
        return look_up_division(row["county"], row.at).code, number
    except Problems as error:
        reader.problems += error.problems
    return "", number


def make_ledger(plots: Sequence[Plot], held: Mapping[Key, Held]) -> Ledger:
    """Return the ledger of plots with the entries that hold them."""
    known = {one.key for one in plots}
    return Ledger(tuple(plots), {key: entry for key, entry in held.items() if key in known})
