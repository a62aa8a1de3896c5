"""Checks across cells: balances, parts and totals, plausible bands, last year, the same thing twice. None of them computes an account.

What makes a figure unreadable or impossible is refused where it is read (grade A); what stands here must be explained (B), confirmed (C)
or known (D).
"""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from gep.explanations import explained
from gep.findings import Finding
from gep.inputs.check import cell_of
from gep.labels import member_named, with_children
from gep.messages import listed, named, say, titled, word
from gep.plausible import bands
from gep.regions import chain
from gep.rules import COEFFICIENTS
from gep.units import UnitError, basis_text, factor, printed_unit
from gep.variables import VARIABLES
from gep.workbook.layout import entries, units_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from gep.formula.nodes import Leaf
    from gep.inputs import Inputs
    from gep.plan import Plan
    from gep.plausible import Band

BALANCE_TOLERANCE = 0.2
"""Rain may differ from evapotranspiration and runoff by this share: storage between years, water from elsewhere."""
PARTS_TOLERANCE = 0.02
CHANGE_CONFIRMED, CHANGE_EXPLAINED = 1.5, 4.0
"""Factors against last year: beyond the first a figure is confirmed (C), beyond the second explained (B)."""
STEADY_CHANGE = 1.02
"""Factor for what hardly changes in a year: the land area of a county."""
PRICES_PER_TONNE = (100, 300_000)
"""Yuan a tonne, from straw to saffron."""
SENTINELS = {999.0, 9999.0, 99999.0, 999999.0, -99.0, -999.0, -9999.0, 12345.0, 123456.0}
"""Numbers that programs and people write for "no figure"."""
NOT_ABOVE = (
    ("storm_rainfall", "precipitation"), ("storm_runoff", "storm_rainfall"), ("surface_runoff", "precipitation"), ("lake_area", "land_area"),
    ("marsh_area", "land_area"), ("naturally_recovering_area", "land_area"), ("area_by_diversity_class", "land_area"),
)  # fmt: skip
"""Pairs of variables: the total of the first is not above the second."""
KNOWN = {**VARIABLES, **COEFFICIENTS}
"""What a row may be about."""
BRANCHES = ("agricultural", "forestry", "livestock", "fishery")


def check_inputs(inputs: Inputs, plan: Plan, before: pd.DataFrame | None = None) -> list[Finding]:
    """Return everything doubtful in validated inputs, graded, with the county's written explanations, in a fixed order.

    Parameters
    ----------
    before : last year's figures: county, year (of this account), variable, ecosystem, pollutant, product, value
    """
    checker = _Checker(inputs)
    found = [
        *checker.bands(), *checker.balance(), *checker.not_above(), *checker.parts(), *checker.twice(), *checker.types(), *checker.sentinels(),
        *checker.sources(), *checker.last_year(before), *_missing(inputs, plan),
    ]  # fmt: skip
    return sorted(set(explained([*inputs.findings, *found], inputs.explanations)))


class _Checker:
    """All accounts at once; rows by variable are found once."""

    def __init__(self, inputs: Inputs) -> None:
        self.inputs = inputs
        self.rows = inputs.rows
        codes = self.rows["variable"].cat.codes.to_numpy()
        order = np.argsort(codes, kind="stable")
        names = self.rows["variable"].cat.categories
        bounds = np.searchsorted(codes[order], np.arange(len(names) + 1))
        self.at = {name: order[bounds[at] : bounds[at + 1]] for at, name in enumerate(names) if bounds[at + 1] > bounds[at]}
        self.county = inputs.accounts["county"].astype(str).to_numpy()
        self.year = inputs.accounts["year"].to_numpy()
        self._regions: dict[str, NDArray[np.bool_]] = {}

    def of(self, variable: str) -> pd.DataFrame:
        """Return the rows of a variable."""
        return self.rows.iloc[self.at.get(variable, np.zeros(0, dtype=np.int64))]

    def totals(self, variable: str) -> pd.Series:
        """Return the total of a variable by account."""
        rows = self.of(variable)
        return rows.groupby("account", sort=True, observed=True)["value"].sum()

    def finding(
        self, row: Mapping[Any, Any] | pd.Series, grade: str, code: str, found: str, rule: str, repair: str = ""
    ) -> Finding:
        account = int(row["account"])
        return Finding(
            grade, code, str(row["file"]), int(row["line"]), cell_of(row), found, rule, repair, str(self.county[account]), int(self.year[account])
        )  # fmt: skip

    def bands(self) -> Iterator[Finding]:
        """Figures outside their plausible band."""
        narrowest: dict[tuple[str, str, str], list[Band]] = {}
        for band in bands():
            narrowest.setdefault((band.variable, band.product, band.per), []).append(band)
        named: dict[str, set[str]] = {}
        for variable, product, _ in narrowest:
            named.setdefault(variable, set()).update({product} - {""})
        for (variable, product, per), several in narrowest.items():
            rows = self.of(variable)
            if product:
                rows = rows[rows["product"] == product]
            elif per == "sown_area":
                rows = rows[~rows["product"].isin(named[variable])]
            if rows.empty or (per and per not in self.at):
                continue
            values = rows["value"].to_numpy()
            with np.errstate(divide="ignore", invalid="ignore"):
                against = values / self._per(rows, per) if per else values
            taken = np.zeros(len(rows), dtype=bool)
            for band in sorted(several, key=lambda one: -len(one.region) if one.region != "CN" else 0):
                within = self._within(band.region)[rows["account"].to_numpy()] & ~taken
                taken |= within
                wrong = np.flatnonzero(
                    within & ((against < band.low) | (against > band.high)) & np.isfinite(against) & (values != 0)
                )
                for at, row in zip(wrong, rows.iloc[wrong].to_dict("records"), strict=True):
                    yield self._outside(row, band, float(against[at]))

    def _within(self, region: str) -> NDArray[np.bool_]:
        if region not in self._regions:
            self._regions[region] = np.array([region in chain(code) for code in self.county], dtype=bool)
        return self._regions[region]

    def _per(self, rows: pd.DataFrame, per: str) -> Any:
        if per == "sown_area":
            sown = self.of(per).set_index(["account", "product"])["value"]
            return sown.reindex(pd.MultiIndex.from_frame(rows[["account", "product"]])).to_numpy()
        return self.totals(per).reindex(rows["account"]).to_numpy()

    def _outside(self, row: Mapping[Any, Any], band: Band, against: float) -> Finding:
        leaf = VARIABLES[band.variable]
        given, per = " ".join(f"{row['value_given']} {row['unit_given']}".split()), named(band.per, VARIABLES)
        parts: dict[str, Any] = {"title": titled(leaf), "given": given, "value": against, "unit": _spaced(band.unit), "per": per}
        limits: dict[str, Any] = {
            "low": band.low, "high": band.high, "unit": _spaced(band.unit), "per": per, "source": word(band.source),
            "place": word(band.locator or band.note), "mark": band.mark,
        }  # fmt: skip
        if band.per:
            found = say("{title} {given} is {value:,.4g}{unit} per {per}", **parts)
            rule = say("{low:,g} to {high:,g}{unit} per {per} ({source}: {place} [{mark}])", **limits)
        else:
            found = say("{title} {given} is {value:,.4g}{unit}", **parts)
            rule = say("{low:,g} to {high:,g}{unit} ({source}: {place} [{mark}])", **limits)
        return self.finding(row, band.grade, "band", found, rule, _unit_that_fits(leaf, row, band, against))

    def balance(self) -> Iterator[Finding]:
        """Rain against evapotranspiration and runoff, for the county or for each type."""
        if "precipitation" not in self.at or "evapotranspiration" not in self.at:
            return
        rows = self.of("evapotranspiration")
        gone, rain, flow = (
            rows["value"].to_numpy(),
            self._for_types("precipitation", rows),
            self._for_types("surface_runoff", rows),
        )
        above = np.flatnonzero((rain > 0) & (gone > rain))
        for at, row in zip(above, rows.iloc[above].to_dict("records"), strict=True):
            text = say("evapotranspiration {gone:,g} mm is above precipitation {rain:,g} mm", gone=gone[at], rain=rain[at])
            yield self.finding(
                row, "B", "balance", text, "evapotranspiration is not above precipitation", "check both sources and their years"
            )
        off = np.flatnonzero((rain > 0) & (np.abs(rain - gone - flow) > BALANCE_TOLERANCE * rain))
        for at, row in zip(off, rows.iloc[off].to_dict("records"), strict=True):
            text = say(
                "precipitation {rain:,g} mm is not evapotranspiration {gone:,g} mm and runoff {flow:,g} mm together",
                rain=rain[at], gone=gone[at], flow=flow[at],
            )  # fmt: skip
            rule = say("a difference of at most {share:.0%} of precipitation", share=BALANCE_TOLERANCE)
            yield self.finding(row, "C", "balance", text, rule, "confirm that storage or water from elsewhere explains it")

    def _for_types(self, variable: str, rows: pd.DataFrame) -> NDArray[np.float64]:
        """Return a variable beside rows by ecosystem type: of the type if it is given, else of the county; NaN where neither is."""
        given = self.of(variable)
        if given.empty:
            return np.full(len(rows), np.nan)
        whole = given[given["ecosystem"] == ""].set_index("account")["value"]
        own = given.set_index(["account", "ecosystem"])["value"]
        of_type = own.reindex(pd.MultiIndex.from_arrays([rows["account"], rows["ecosystem"].astype(str)])).to_numpy(dtype=float)
        return np.where(np.isnan(of_type), whole.reindex(rows["account"]).to_numpy(dtype=float), of_type)

    def not_above(self) -> Iterator[Finding]:
        """Figures above what they are part of."""
        for small, large in NOT_ABOVE:
            if small not in self.at or large not in self.at:
                continue
            whole = self.of(large)
            limit = (
                whole[whole["ecosystem"] == ""].groupby("account", observed=True)["value"].max()
                if large == "precipitation"
                else self.totals(large)
            )
            rows = self.of(small)
            parts = rows.groupby("account", observed=True)["value"].max() if small == "surface_runoff" else self.totals(small)
            both = parts.index.intersection(limit.index)
            first = _first_rows(rows)
            for account in both[(parts[both] > limit[both]).to_numpy()]:
                row = first[int(account)]
                one, two = VARIABLES[small], VARIABLES[large]
                text = say("{one} {small:,g} is above {two} {large:,g} {unit}", one=titled(one), small=parts[account], two=titled(two),
                           large=limit[account], unit=printed_unit(two.unit))  # fmt: skip
                rule = say("{one} is not above {two}", one=named(small, VARIABLES), two=named(large, VARIABLES))
                yield self.finding(row, "B", "bound", text, rule, "check the units of both")
        yield from self._wetlands()

    def _wetlands(self) -> Iterator[Finding]:
        area = self.of("area")
        for small, kinds in (("lake_area", ("lake", "wetland")), ("marsh_area", ("marsh", "wetland"))):
            rows = self.of(small)
            if rows.empty or area.empty:
                continue
            within = {name for kind in kinds for name in with_children(kind)}
            known = area[area["ecosystem"].isin(within)].groupby("account", observed=True)["value"].sum()
            parts = rows.groupby("account", observed=True)["value"].sum()
            first = _first_rows(rows)
            for account in [one for one in parts.index if one in known.index and parts[one] > known[one] * 1.05]:
                row = first[int(account)]
                yield self.finding(row, "C", "bound", say("{title} {area:,g} km² is above the wetlands of the land survey, {known:,g} km²", title=titled(VARIABLES[small]), area=parts[account], known=known[account]),
                                   "part of the wetland area", "confirm the survey each comes from")  # fmt: skip

    def parts(self) -> Iterator[Finding]:
        """Values of products against the branch they add up to, and output against value."""
        for branch in BRANCHES:
            whole, products = self.of(f"{branch}_output_value"), self.of(f"{branch}_product_value")
            if len(whole) and len(products):
                sums = products.groupby("account", observed=True)["value"].sum()
                for row in whole.to_dict("records"):
                    of_parts = sums.get(row["account"])
                    if of_parts is not None and of_parts > row["value"] * (1 + PARTS_TOLERANCE):
                        yield self.finding(row, "B", "parts", say("products add up to {parts:,.0f} CNY, the branch to {whole:,.0f} CNY", parts=of_parts, whole=row["value"]),
                                           "parts are not above the total", "check units, or a product that belongs to another branch")  # fmt: skip
            output = self.of(f"{branch}_output")
            if len(output) and len(products):
                both = products.reset_index().merge(
                    output[["account", "product", "value"]], on=["account", "product"], suffixes=("", "_weight")
                )
                price = both["value"] / both["value_weight"].where(both["value_weight"] > 0)
                nothing = (both["value_weight"] == 0) & (both["value"] > 0)
                for row in both[nothing].to_dict("records"):
                    yield self.finding(
                        row,
                        "B",
                        "parts",
                        say("{product} has a value and an output of 0", product=row["product"]),
                        "output and value together are zero or not",
                    )
                odd = (both["value_weight"] > 0) & ~price.between(*PRICES_PER_TONNE)
                for row in both[odd].to_dict("records"):
                    text = say(
                        "{product} costs {price:,.4g} CNY/t by its value and output",
                        product=row["product"],
                        price=row["value"] / row["value_weight"],
                    )
                    yield self.finding(
                        row,
                        "B",
                        "parts",
                        text,
                        say("{low:,} to {high:,} CNY/t", low=PRICES_PER_TONNE[0], high=PRICES_PER_TONNE[1]),
                        "check the units of value and output",
                    )
        values = [self.totals(f"{branch}_output_value") for branch in BRANCHES if f"{branch}_output_value" in self.at]
        if values and "gdp" in self.at:
            together = pd.concat(values, axis=1).sum(axis=1)
            for row in self.of("gdp").to_dict("records"):
                if together.get(row["account"], 0) > row["value"] > 0:
                    yield self.finding(row, "B", "parts", say("GDP {gdp:,.0f} CNY is below the output of farming, forestry and fishery, {together:,.0f} CNY", gdp=row["value"], together=together[row["account"]]),
                                       "GDP of all branches is above it as a rule", "check the units of both")  # fmt: skip

    def twice(self) -> Iterator[Finding]:
        """A product in two branches, or measured in two ways."""
        names = [
            f"{branch}_{what}" for branch in BRANCHES for what in ("output", "output_volume", "output_count", "product_value")
        ]
        rows = (
            pd.concat([self.of(name) for name in names if name in self.at])
            if any(name in self.at for name in names)
            else self.rows.iloc[:0]
        )
        rows = rows[rows["value"] > 0].reset_index()
        if rows.empty:
            return
        names_given = rows["variable"].astype(str)
        measured = names_given.where(~names_given.str.endswith("_product_value"))
        rows = rows.assign(
            measured=measured,
            branch=names_given.str.partition("_")[0],
            key=rows["account"].astype(str) + "|" + rows["product"].astype(str),
        )
        of_key = rows.groupby("key", sort=False)
        rows["first"] = of_key["index"].transform("first")
        first = self.rows.loc[rows["first"]].reset_index(drop=True)
        other_branch = rows["branch"] != of_key["branch"].transform("first")
        other_way = rows["measured"].notna() & (rows["measured"] != of_key["measured"].transform("first"))
        again = np.flatnonzero(other_branch | other_way)
        for row, before in zip(rows.iloc[again].to_dict("records"), first.iloc[again].to_dict("records"), strict=True):
            where = cell_of(before) or before["line"]
            text = say("{product} is reported as {first} ({file}, {where}) and as {second}", product=row["product"], first=named(before["variable"], KNOWN),
                       file=PurePath(before["file"]).name, where=where, second=named(row["variable"], KNOWN))  # fmt: skip
            yield self.finding(row, "B", "twice", text, "a product counts once, in one branch", "keep one of the two")

    def types(self) -> Iterator[Finding]:
        """Figures of ecosystem types the county has no area of."""
        area = self.of("area")
        if area.empty:
            return
        accounts = len(self.county)
        listing = np.zeros(accounts, dtype=bool)
        listing[area["account"]] = True
        present = area[area["value"] > 0]
        codes = self.rows["ecosystem"].cat.codes.to_numpy()
        for code, name in enumerate(self.rows["ecosystem"].cat.categories):
            if not name:
                continue
            having = np.zeros(accounts, dtype=bool)
            having[present.loc[present["ecosystem"].isin({*with_children(name), *_parents(name)}), "account"]] = True
            at = np.flatnonzero(codes == code)
            at = at[(listing & ~having)[self.rows["account"].to_numpy()[at]] & (self.rows["value"].to_numpy()[at] != 0)]
            for row in self.rows.iloc[at].to_dict("records"):
                if row["variable"] != "area" and row["variable"] in VARIABLES:
                    text = say(
                        "{variable} is given for {name}, of which the county has no area",
                        variable=named(row["variable"], KNOWN),
                        name=member_named(name),
                    )
                    yield self.finding(
                        row, "C", "type", text, "a type with an area above 0", "correct the type, or enter its area"
                    )

    def sentinels(self) -> Iterator[Finding]:
        """Numbers that stand for "no figure"."""
        values = self.rows["value_given"]
        if pd.api.types.is_numeric_dtype(values.dtype):
            wrong = np.isin(values.to_numpy(dtype=float), list(SENTINELS))
        else:
            numbers = pd.to_numeric(values.astype(str), errors="coerce").to_numpy(dtype=float)
            wrong = np.isin(numbers, list(SENTINELS))
        for row in self.rows[wrong].to_dict("records"):
            yield self.finding(
                row,
                "B",
                "sentinel",
                say("{variable} is {value}", variable=named(row["variable"], KNOWN), value=row["value_given"]),
                "a figure that was measured",
                "a figure that is not at hand is left out",
            )

    def sources(self) -> Iterator[Finding]:
        """Figures without a source, and sources of another year; only for workbooks, where somebody can answer."""
        if "cell" not in self.rows:
            return
        rows = self.rows[self.rows["cell"] != ""]
        for row in rows[rows["source"].astype(str) == ""].to_dict("records"):
            yield self.finding(
                row,
                "C",
                "source",
                say("{variable} names no source", variable=named(row["variable"], KNOWN)),
                "the document or station each figure comes from",
                "fill in 数据来源",
            )
        for row in rows[rows["source"].astype(str).str.contains(r"(?:19|20)\d\d")].to_dict("records"):
            year = int(self.year[int(row["account"])])
            years = {int(text) for text in re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", str(row["source"]))}
            if years and not years & {year, year + 1}:
                yield self.finding(
                    row,
                    "C",
                    "source",
                    say(
                        "the source of {variable} is of {years}: {source}",
                        variable=named(row["variable"], KNOWN),
                        years=listed(map(str, sorted(years))),
                        source=row["source"],
                    ),
                    say("a source of {year}", year=year),
                    "confirm that the figure holds for the year",
                )

    def last_year(self, before: pd.DataFrame | None) -> Iterator[Finding]:
        """Changes against last year beyond a stated factor."""
        if before is None or before.empty:
            return
        names = ["variable", "ecosystem", "pollutant", "product"]
        rows = self.rows.reset_index()
        rows = rows.assign(
            county=self.county[rows["account"]],
            year=self.year[rows["account"]],
            **{name: rows[name].astype(str) for name in names},
        )
        both = rows.merge(before.astype(dict.fromkeys(names, str)), on=["county", "year", *names], suffixes=("", "_before"))
        both = both[(both["value"] != both["value_before"]) & (both["value_before"] != 0)]
        ratio = both["value"] / both["value_before"]
        change = ratio.where(ratio > 1, 1 / ratio.where(ratio > 0)).fillna(np.inf)
        limit = np.where(both["variable"] == "land_area", STEADY_CHANGE, CHANGE_CONFIRMED)
        both = both.assign(ratio=ratio, change=change, limit=limit)
        for row in both[change > limit].to_dict("records"):
            grade = "B" if row["change"] > CHANGE_EXPLAINED or row["limit"] == STEADY_CHANGE else "C"
            leaf = KNOWN[row["variable"]]
            text = say("{title} is {now:,.6g}, last year {before:,.6g} {unit}: a factor of {ratio:,.3g}", title=titled(leaf), now=row["value"],
                       before=row["value_before"], unit=printed_unit(leaf.unit), ratio=row["ratio"])  # fmt: skip
            yield self.finding(
                row,
                grade,
                "last-year",
                text,
                say("a change by a factor of at most {limit:g}", limit=row["limit"]),
                "check unit and source; explain the change",
            )


def _spaced(unit: str) -> str:
    """Return a unit as it follows a number; nothing for a plain number."""
    return f" {printed_unit(unit)}".rstrip()


def _first_rows(rows: pd.DataFrame) -> dict[int, Mapping[Any, Any]]:
    """Return the first row of each account."""
    return {int(row["account"]): row for row in rows.drop_duplicates("account").to_dict("records")}


def _parents(name: str) -> set[str]:
    from gep.labels import ecosystems

    member = ecosystems().get(name)
    return {member.parent} - {""} if member else set()


def _unit_that_fits(leaf: Leaf, row: Mapping[Any, Any], band: Band, against: float) -> str:
    """Return which unit would bring a figure into its band: the commonest mistake, named."""
    try:
        now = factor(basis_text(str(row["unit_given"])), leaf.unit.removesuffix("/yr"))
    except UnitError:
        return "check the unit and the source"
    for unit in units_of(leaf):
        try:
            other = factor(basis_text(unit), leaf.unit.removesuffix("/yr"))
        except UnitError:
            continue
        if other != now and band.low <= against * other / now <= band.high:
            return say("with the unit {unit} it would fit; check which is meant", unit=unit)
    return "check the unit and the source"


def _missing(inputs: Inputs, plan: Plan) -> Iterator[Finding]:
    """What workbooks did not bring: departments whose sheet is not there, and what stands empty in those that are."""
    if not inputs.departments:
        return
    of_department = entries(plan)
    accounts = {
        (str(county), int(year)): at
        for at, (county, year) in enumerate(zip(inputs.accounts["county"], inputs.accounts["year"], strict=True))
    }
    for (county, year), given in sorted(inputs.departments.items()):
        absent = [name for name in of_department if name not in given]
        if absent:
            yield Finding(
                "D",
                "department",
                "",
                0,
                "",
                say(
                    "{county} {year}: no sheet of {departments} was given",
                    county=county,
                    year=year,
                    departments="、".join(absent),
                ),
                "one sheet a department",
                "",
                county,
                year,
            )
        at = accounts.get((county, year))
        filled = set(inputs.rows.loc[inputs.rows["account"] == at, "variable"].astype(str)) if at is not None else set()
        for name in given:
            empty = sorted({entry.leaf.id for entry in of_department.get(name, ())} - filled)
            if empty:
                yield Finding(
                    "D",
                    "missing",
                    "",
                    0,
                    "",
                    say(
                        "{county} {year}: {department} left empty: {variables}",
                        county=county,
                        year=year,
                        department=name,
                        variables=listed(named(one, KNOWN) for one in empty),
                    ),
                    "what is empty stays missing, it is not zero",
                    "",
                    county,
                    year,
                )
