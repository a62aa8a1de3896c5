"""The ledger of wetland and forest quotas: restored plots, each hectare sold once and only after it was accepted; sales stand in the register."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
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
SAME, DECIMALS = 1e-9, 9
NOTHING = Decimal("1e-8")
"""Hectares below which nothing is left: a ten thousandth of a square metre, by which parts of 亩 may miss the plot."""
Key = tuple[str, str]
"""County code and number of the plot, as the register has them."""


@dataclass(frozen=True)
class Held:
    """An entry that holds a plot, or a part of it (hm2; None: the whole)."""

    number: int
    kind: str
    party: str
    starts: date
    until: date | None
    document: str
    part: Decimal | None


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
    """A plot, or a part of it in hm2, sold to somebody for a project that occupies land elsewhere; `part` None: the whole."""

    plot: Plot
    part: Decimal | None
    buyer: str
    project: str
    day: date
    paper: str
    row: tuple[str, int]


@dataclass(frozen=True)
class Ledger:
    """Plots with the entries that hold each; what nothing holds is free, once it is accepted."""

    plots: tuple[Plot, ...]
    held: Mapping[Key, tuple[Held, ...]]

    def state(self, plot: Plot) -> str:
        """Return sold, pledged or compensated where all of it is held, `in part` where some is, else `free`, or `not accepted`."""
        entries = self.held.get(plot.key, ())
        if not entries:
            return "free" if plot.accepted else "not accepted"
        return "in part" if self.left(plot) else entries[0].kind

    def left(self, plot: Plot) -> float:
        """Return the hectares that nothing holds."""
        entries = self.held.get(plot.key, ())
        if any(one.part is None for one in entries):
            return 0.0
        left = exact_area(plot) - sum((one.part or Decimal(0) for one in entries), Decimal(0))
        return float(left) if left > NOTHING else 0.0

    def sums(self) -> dict[str, dict[str, float]]:
        """Return hectares by kind of quota and state."""
        found: dict[str, dict[str, float]] = {}
        for plot in self.plots:
            of = found.setdefault(plot.kind, {})
            rest = "free" if plot.accepted else "not accepted"
            parts = [(one.kind, plot.area.value if one.part is None else float(one.part)) for one in self.held.get(plot.key, ())]
            for state, area in (*parts, (rest, self.left(plot))):
                if area:
                    of[state] = of.get(state, 0.0) + area
        return found

    def row(self, plot: Plot) -> dict[str, Any]:
        """Return a plot as plain values; areas in hm2."""
        entries = self.held.get(plot.key, ())
        first = entries[0] if entries else None
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
            "remaining": self.left(plot),
            "entry": first.number if first else None,
            "party": first.party if first else None,
            "since": first.starts if first else None,
            "document": first.document if first else None,
            "entries": [
                {
                    "entry": one.number,
                    "kind": one.kind,
                    "area": plot.area.value if one.part is None else float(one.part),
                    "party": one.party,
                    "since": one.starts,
                    "document": one.document,
                }
                for one in entries
            ],
            "address": plot.area.address,
            "source": plot.source,
        }

    def as_dict(self) -> dict[str, Any]:
        """Return the ledger as plain values; areas in hm2."""
        return {"unit": UNIT, "sums": self.sums(), "plots": [self.row(one) for one in self.plots]}


def exact_area(of: Plot | Figure) -> Decimal:
    """Return hectares as the register keeps them: to nine decimals, cut off, so that parts of 亩 are never more than the plot."""
    area = of.area if isinstance(of, Plot) else of
    return Decimal(repr(area.value)).quantize(Decimal(1).scaleb(-DECIMALS), ROUND_DOWN)


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
        restored = reader.past_day(row, "restored")
        accepted = reader.past_day(row, "accepted") if row["accepted"] else None
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
        day = reader.past_day(row, "day")
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
        part = None if abs(area.value - plot.area.value) <= SAME * plot.area.value else exact_area(area)
        if part is not None and part > exact_area(plot):
            told = say("{sold} of {what} are sold, it has {area}", sold=area.given, what=number, area=plot.area.given)
            reader.tell(row.file, row.line, told, say("at most the plot"))
        found.append(PlotSale(plot, part, row["buyer"], row["project"], day, row["document"], (row.file, row.line)))
    return found


def _read_key(row: WrittenRow, reader: Reader) -> Key:
    number = normalise_identity(reader.text(row, "plot"))
    try:
        return look_up_division(row["county"], row.at).code, number
    except Problems as error:
        reader.problems += error.problems
    return "", number


def make_ledger(plots: Sequence[Plot], held: Mapping[Key, tuple[Held, ...]]) -> Ledger:
    """Return the ledger of plots with the entries that hold them."""
    known = {one.key for one in plots}
    return Ledger(tuple(plots), {key: entry for key, entry in held.items() if key in known})
