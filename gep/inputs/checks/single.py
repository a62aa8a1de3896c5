"""Checks what a row says by itself: a type the county does not have, a number that stands for none, its source."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from gep.files.no_source import names_no_source
from gep.inputs.checks.figures import space_unit
from gep.inputs.cover import USUAL_LEAST, read_cover
from gep.inputs.row_units import joins_days
from gep.messages.texts import join_list, name_id, say
from gep.reference.members import list_types_above, name_member
from gep.units.registry import count_days
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gep.inputs.checks.figures import Figures
    from gep.messages.findings import Finding

_SOURCE_RULE = "the document or station each figure comes from"
SENTINELS = {999.0, 9999.0, 99999.0, 999999.0, -99.0, -999.0, -9999.0, 12345.0, 123456.0}
"""Numbers that programs and people write for "no figure"."""
_AMOUNTS = ("surface_runoff", "storm_rainfall", "storm_runoff")
"""Depths of water in mm that have no published band, beside which offices keep a share of the rain: the runoff coefficient."""


def check_types(figures: Figures) -> Iterator[Finding]:
    """Yield a finding (C) for each figure of an ecosystem type of which the county lists no area."""
    area = figures.of("area")
    if area.empty:
        return
    accounts = len(figures.county)
    listing = np.zeros(accounts, dtype=bool)
    listing[area["account"]] = True
    present = area[area["value"] > 0]
    codes = figures.rows["ecosystem"].cat.codes.to_numpy()
    for code, name in enumerate(figures.rows["ecosystem"].cat.categories):
        if not name:
            continue
        having = np.zeros(accounts, dtype=bool)
        of = [one for one in present["ecosystem"].cat.categories if _holds_or_lies_in(name, one)]
        having[present.loc[present["ecosystem"].isin(of), "account"]] = True
        at = np.flatnonzero(codes == code)
        at = at[(listing & ~having)[figures.rows["account"].to_numpy()[at]] & (figures.rows["value"].to_numpy()[at] != 0)]
        for row in figures.records(figures.rows, at, "variable"):
            if row["variable"] != "area" and row["variable"] in VARIABLES:
                text = say(
                    "{variable} is given for {name}, of which the county has no area",
                    variable=name_id(row["variable"], figures.known),
                    name=name_member(name),
                )
                yield figures.doubt(row, "C", "type", text, "a type with an area above 0", "correct the type, or enter its area")


def check_sentinels(figures: Figures) -> Iterator[Finding]:
    """Yield a finding (B) for each number that programs and people write for "no figure", such as 9999."""
    values = figures.rows["value_given"]
    if pd.api.types.is_numeric_dtype(values.dtype):
        wrong = np.isin(values.to_numpy(dtype=float), list(SENTINELS))
    else:
        numbers = pd.to_numeric(values.astype(str), errors="coerce").to_numpy(dtype=float)
        wrong = np.isin(numbers, list(SENTINELS))
    for row in figures.records(figures.rows, np.flatnonzero(wrong), "variable", "value_given"):
        yield figures.doubt(
            row,
            "B",
            "sentinel",
            say("{variable} is {value}", variable=name_id(row["variable"], figures.known), value=row["value_given"]),
            "a figure that was measured",
            "a figure that is not at hand is left out",
        )


def check_shares(figures: Figures) -> Iterator[Finding]:
    """Yield a finding (B) for each amount of a year that is above 0 and below 1: a share of the rain is given for it."""
    for name in _AMOUNTS:
        rows = figures.of(name)
        values = rows["value"].to_numpy(dtype=float)
        small = np.flatnonzero((values > 0) & (values < 1))
        for at, row in zip(small, figures.records(rows, small), strict=True):
            text = say(
                "{variable} is {value:.3g}{unit} in the whole year, as a share of the rain is (a runoff coefficient)",
                variable=name_id(name, figures.known),
                value=values[at],
                unit=space_unit(VARIABLES[name].unit),
            )
            hint = "enter the depth of water itself: the share times the rain"
            yield figures.doubt(row, "B", "share", text, "a depth of water in a year", hint)


def check_days(figures: Figures) -> Iterator[Finding]:
    """Yield a finding (D) for each unit of a variable that is a rate per day, hour or second: over which days it was taken."""
    units = figures.rows["unit_given"].astype("category").cat
    variables = figures.rows["variable"].cat
    known = [figures.known.get(str(name)) for name in variables.categories]
    pairs = units.codes.to_numpy().astype(np.int64) * len(known) + variables.codes.to_numpy()
    given = np.unique(pairs)
    for code, text in enumerate(units.categories):
        if not text or text.isdecimal():
            continue
        of_unit = [at for at in given if at // len(known) == code]
        joined = [at for at in of_unit if (leaf := known[at % len(known)]) is not None and joins_days(leaf, text)]
        if not joined:
            continue
        rows = figures.rows[np.isin(pairs, joined)]
        for row in rows.drop_duplicates(["account", "variable"]).to_dict("records"):
            leaf = figures.known[str(row["variable"])]
            days = count_days(int(figures.year[int(row["account"])]))
            found = say(
                "{variable} in {unit} is taken over the {days} days of the year",
                variable=name_id(leaf.id, figures.known),
                unit=text,
                days=days,
            )
            yield figures.doubt(row, "D", "days", found, "rates per day, hour or second count the days of the accounting year")


def check_cover(figures: Figures) -> Iterator[Finding]:
    """Yield a finding for each figure found from a part of its area: to be confirmed (C) below the usual least share, else known (D)."""
    notes = figures.rows["note"].astype("category")
    shares = {note: share for note in notes.cat.categories if (share := read_cover(str(note))) is not None}
    rule = say("data for {least:.0%} of the area at least", least=USUAL_LEAST)
    of_part = np.flatnonzero(notes.isin(list(shares)).to_numpy()) if shares else np.zeros(0, dtype=np.int64)
    for row in figures.records(figures.rows, of_part, "variable", "note"):
        share = shares[row["note"]]
        found = say(
            "{variable} was found from {share:.2%} of its area", variable=name_id(row["variable"], figures.known), share=share
        )
        grade = "C" if share < USUAL_LEAST else "D"
        yield figures.doubt(row, grade, "cover", found, rule, "a raster without holes, or a word on them")


def check_sources(figures: Figures) -> Iterator[Finding]:
    """Yield findings (C) for figures that name no source, and for figures in workbooks with a source of another year.

    A table of text says it once, at its first row.
    """
    sources = figures.rows["source"].astype("category")
    none = [text for text in sources.cat.categories if names_no_source(str(text))]
    without = figures.rows[sources.isin(none).to_numpy()]
    in_cells = (without["cell"] != "").to_numpy() if "cell" in without else np.zeros(len(without), dtype=bool)
    for row in without[in_cells].to_dict("records"):
        variable = name_id(row["variable"], figures.known)
        said = str(row["source"]).strip()
        found = (
            say("the source of {variable} is {text!r}, which names none", variable=variable, text=said)
            if said
            else say("{variable} names no source", variable=variable)
        )
        yield figures.doubt(row, "C", "source", found, _SOURCE_RULE, "fill in 数据来源")
    for _, rows in without[~in_cells].groupby(["file", "source"], sort=True, observed=True):
        row = rows.head(1).to_dict("records")[0]
        said = str(row["source"]).strip()
        found = (
            say("the source is {text!r}, which names none (figures: {count})", text=said, count=len(rows))
            if said
            else say("no source is named (figures: {count})", count=len(rows))
        )
        yield figures.doubt(row, "C", "source", found, _SOURCE_RULE, "name it in the column source")
    if "cell" not in figures.rows:
        return
    rows = figures.rows[figures.rows["cell"] != ""]
    for row in rows[rows["source"].astype(str).str.contains(r"(?:19|20)\d\d")].to_dict("records"):
        year = int(figures.year[int(row["account"])])
        years = {int(text) for text in re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", str(row["source"]))}
        if years and not years & {year, year + 1}:
            yield figures.doubt(
                row,
                "C",
                "source",
                say(
                    "the source of {variable} is of {years}: {source}",
                    variable=name_id(row["variable"], figures.known),
                    years=join_list(map(str, sorted(years))),
                    source=row["source"],
                ),
                say("a source of {year}", year=year),
                "confirm that the figure holds for the year",
            )


def _holds_or_lies_in(one: str, other: str) -> bool:
    """Return whether one of two ecosystem types is the other, or holds it."""
    return one in list_types_above(other) or other in list_types_above(one)
