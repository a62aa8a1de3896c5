"""What can be wrong with an input row, and the rows that are right."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from gep.formula.check import is_priced
from gep.formula.nodes import ECOSYSTEM, POLLUTANT, Coefficient, Leaf, Observed
from gep.inputs import hints
from gep.inputs.rows import FIRST_YEAR, LAST_YEAR, Inputs
from gep.messages.problems import SHOWN, Problem
from gep.messages.texts import Text, listed, named, say, spaced, word
from gep.reference.members import ecosystems, member_named, pollutants
from gep.reference.regions import regions
from gep.units.registry import UnitError, basis_text, factor, named_unit, parse_unit, scaled
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from numpy.typing import NDArray

AREA_TOLERANCE = 0.005
"""Areas may differ from the county's land area by this share: different surveys, rounding, water lines."""
_DOES_NOT_APPLY = {"not applicable", "不适用"}


class _Finder:
    """Collects problems of rows; a unique value is judged once and every row that has it is named."""

    def __init__(self, rows: pd.DataFrame) -> None:
        self.rows = rows
        self.problems: list[Problem] = []
        self.bad = np.zeros(len(rows), dtype=bool)
        self.file_names: list[str] = [str(name) for name in rows["file"].astype("category").cat.categories]
        self.file_codes = rows["file"].astype("category").cat.codes.to_numpy()
        self.lines = rows["line"].to_numpy()

    def add(
        self, positions: Iterable[int], found: Callable[[int], str], expected: str = "", hint: str = "", column: str = "cell"
    ) -> None:
        """Note a problem of rows; `column` says which of a row's cells it is about."""
        for position in positions:
            self.bad[position] = True
            cell = str(self.rows[column].iloc[position]) if column in self.rows else ""
            self.problems.append(
                Problem(self.file(position), int(self.lines[position]), found(int(position)), expected, hint, cell)
            )

    def guess(self, make: Callable[..., str], *of: object) -> str:
        """Return a hint; none once there are more mistakes than are printed: guessing takes longer than checking."""
        return make(*of) if len(self.problems) < SHOWN else ""

    def of_tables(self, positions: NDArray[np.intp]) -> NDArray[np.intp]:
        """Leave out rows of workbooks, marked as bad: what is wrong on a cover was said there, once."""
        if "cell" not in self.rows:
            return positions
        of_books = self.rows["cell"].iloc[positions].to_numpy() != ""
        self.bad[positions[of_books]] = True
        kept: NDArray[np.intp] = positions[~of_books]
        return kept

    def file(self, position: int) -> str:
        return self.file_names[int(self.file_codes[position])]

    def where(self, mask: NDArray[np.bool_]) -> NDArray[np.intp]:
        return np.flatnonzero(mask)


def check_rows(
    rows: pd.DataFrame, coefficients: dict[str, Coefficient], applicable: frozenset[str]
) -> tuple[Inputs, list[Problem]]:
    """Return the validated inputs, and all problems of all rows; with problems the inputs hold the right rows only."""
    rows = rows.copy(deep=False)
    for name in ("county", "year", "variable", "ecosystem", "pollutant", "product", "unit", "source", "note"):
        column = rows[name].astype("category")
        cleaned = [_clean(str(text)) for text in column.cat.categories]
        codes, found = pd.factorize(np.array(cleaned, dtype=object))
        united: pd.Index[str] = pd.Index(found)
        taken = np.where(column.cat.codes >= 0, codes[column.cat.codes] if len(codes) else -1, -1)
        if len(united) == 0 or (taken < 0).any():
            united = pd.Index([*united, ""]).unique()
            taken = np.where(taken < 0, int(np.flatnonzero(united == "")[0]), taken)
        rows[name] = pd.Categorical.from_codes(taken, categories=united)
    finder = _Finder(rows)
    counties = _county(finder)
    years = _year(finder)
    leaves: dict[str, Leaf] = {**VARIABLES, **coefficients}
    stated = _does_not_apply(finder)
    _variable(finder, leaves, applicable, stated)
    values, given = _value(finder, stated)
    _labels(finder, leaves, stated)
    factors, price_years = _unit(finder, leaves, stated)
    price_years = np.where(price_years < 0, years, price_years)
    converted = values * factors
    changed = np.flatnonzero((factors != 1) & np.isfinite(converted))
    converted[changed] = [scaled(*pair) for pair in zip(values[changed].tolist(), factors[changed].tolist(), strict=True)]
    _bounds(finder, leaves, converted)
    _duplicates(finder, leaves)
    good = ~finder.bad
    pairs = pd.DataFrame({"county": counties, "year": years})
    accounts = pairs[good].drop_duplicates().sort_values(["county", "year"]).reset_index(drop=True)
    number = (
        pd.MultiIndex.from_frame(accounts).get_indexer(pd.MultiIndex.from_frame(pairs))
        if len(accounts)
        else np.full(len(pairs), -1)
    )
    clean = pd.DataFrame(
        {
            "account": number,
            "variable": rows["variable"],
            "ecosystem": rows["ecosystem"],
            "pollutant": rows["pollutant"],
            "product": rows["product"],
            "value": converted,
            "price_year": price_years,
            "value_given": given,
            "unit_given": rows["unit"],
            "source": rows["source"],
            "note": rows["note"],
            "file": rows["file"].astype("category"),
            "line": rows["line"],
            **({"cell": rows["cell"].astype("category")} if "cell" in rows else {}),
        }
    )
    places = ["file", "line", *(["cell"] if "cell" in clean else [])]
    inapplicable = clean[stated & good][["account", "variable", "source", "note", *places]]
    clean = clean[good & ~stated]
    clean = clean.sort_values(["account", "line"], kind="stable", ignore_index=True)
    finder.problems += _areas(clean, accounts)
    files = inapplicable.rename(columns={"variable": "id"}).astype({"id": str, "source": str, "note": str, "file": str})
    return Inputs(accounts, clean, files.reset_index(drop=True)), finder.problems


def cell_of(row: Mapping[Any, Any] | pd.Series) -> str:
    """Return the cell of a row, empty for a row of a table."""
    return str(row["cell"]) if "cell" in row else ""


def place_of(row: Mapping[Any, Any] | pd.Series) -> str:
    """Return where a row stands: `file!sheet!cell` or `file:line`."""
    return f"{row['file']}!{row['cell']}" if cell_of(row) else f"{row['file']}:{row['line']}"


def _says(text: str) -> Callable[[int], str]:
    """Return what says the same of every row."""
    return lambda _: text


def _clean(text: str) -> str:
    """Return a cell's text without spaces round it and without characters nobody sees: zero-width, direction and control marks."""
    if text in {"None", "nan"}:
        return ""
    if not (text.isascii() and text.isprintable()):
        seen = (letter for letter in text if letter in "\n\t" or unicodedata.category(letter) not in {"Cc", "Cf"})
        text = unicodedata.normalize("NFC", "".join(seen))
    return text.strip()


def _each_unique(finder: _Finder, column: str) -> Iterable[tuple[str, NDArray[np.intp]]]:
    """Yield every text of a column with the positions of the rows that hold it."""
    categories = finder.rows[column].cat
    codes = categories.codes.to_numpy()
    order = np.argsort(codes, kind="stable")
    bounds = np.searchsorted(codes[order], np.arange(len(categories.categories) + 1))
    for code, text in enumerate(categories.categories):
        positions = order[bounds[code] : bounds[code + 1]]
        if len(positions):
            yield text, positions


def _county(finder: _Finder) -> NDArray[np.object_]:
    counties = np.full(len(finder.rows), "", dtype=object)
    known = regions()
    for text, positions in _each_unique(finder, "county"):
        if text in known:
            counties[positions] = text
            continue
        finder.add(
            finder.of_tables(positions),
            _says(say("county is {text!r}", text=hints.cut(text))),
            "a six-digit GB/T 2260 code",
            finder.guess(hints.county, text),
        )
    return counties


def _year(finder: _Finder) -> NDArray[np.int64]:
    years = np.zeros(len(finder.rows), dtype=np.int64)
    for text, positions in _each_unique(finder, "year"):
        if re.fullmatch(r"[0-9]{4}", text) and FIRST_YEAR <= int(text) <= LAST_YEAR:
            years[positions] = int(text)
            continue
        finder.add(
            finder.of_tables(positions),
            _says(say("year is {text!r}", text=hints.cut(text))),
            say("a year from {first} to {last}, four digits", first=FIRST_YEAR, last=LAST_YEAR),
            hints.year(text),
        )
    return years


def _does_not_apply(finder: _Finder) -> NDArray[np.bool_]:
    values = finder.rows["value"]
    if values.dtype != object and not isinstance(values.dtype, pd.StringDtype):
        return np.zeros(len(values), dtype=bool)
    return values.astype(str).str.strip().str.lower().isin(_DOES_NOT_APPLY).to_numpy()


def _variable(finder: _Finder, leaves: dict[str, Leaf], applicable: frozenset[str], stated: NDArray[np.bool_]) -> None:
    for text, positions in _each_unique(finder, "variable"):
        says_not = positions[stated[positions]]
        if text not in applicable and len(says_not):
            near = finder.guess(hints.nearest_id, text, dict.fromkeys(applicable))
            finder.add(
                says_not,
                _says(say("{text!r} cannot be stated not applicable", text=hints.cut(text))),
                "a service or a line of a service",
                near or "a figure that is not at hand is left out, not declared inapplicable",
            )
        figures = positions[~stated[positions]]
        if text in leaves or not len(figures):
            continue
        near = finder.guess(hints.nearest_id, text, leaves)
        finder.add(
            figures,
            _says(say("variable is {text!r}", text=hints.cut(text))),
            "an id of gep variables or gep coefficients",
            near or "gep variables lists them",
            "cell_id",
        )


def _value(finder: _Finder, stated: NDArray[np.bool_]) -> tuple[NDArray[np.float64], pd.Series]:
    column = finder.rows["value"]
    expected = "a number with a decimal point, without thousands marks"
    if pd.api.types.is_numeric_dtype(column.dtype):
        values = column.to_numpy(dtype=np.float64, na_value=np.nan) + 0.0
        wrong = finder.where(~np.isfinite(values))
        finder.add(
            wrong,
            lambda at: say("value is {value}", value=values[at]),
            "a finite number",
            "leave a figure that is not at hand out",
        )
        return values, column
    text = column.astype(str).str.strip()
    values = pd.to_numeric(text, errors="coerce").to_numpy(dtype=np.float64)
    plain = text.to_numpy(dtype=object)
    suspect = finder.where((~np.isfinite(values) | text.str.contains("_|[xXa-df-zA-DF-Z]", regex=True).to_numpy()) & ~stated)
    for at in suspect:
        written = plain[at]
        if hints.NUMBER.fullmatch(written) and np.isfinite(values[at]):
            continue
        finder.add([int(at)], _says(say("value is {text!r}", text=hints.cut(written))), expected, hints.number(written))
    values = values + 0.0  # turns -0 into 0
    return np.where(np.isfinite(values), values, np.nan), text


def _filled(column: pd.Series) -> NDArray[np.bool_]:
    """Return which cells of a text column are not empty."""
    not_empty = np.array([text != "" for text in column.cat.categories], dtype=bool)
    found: NDArray[np.bool_] = not_empty[column.cat.codes.to_numpy()]
    return found


def _labels(finder: _Finder, leaves: dict[str, Leaf], stated: NDArray[np.bool_]) -> None:
    """Check the members named on each row against the axes of its variable."""
    closed = {ECOSYSTEM: ecosystems(), POLLUTANT: pollutants()}
    for axis, members in closed.items():
        for text, positions in _each_unique(finder, axis):
            if text in {"", *members}:
                continue
            near = finder.guess(hints.nearest_id, text, members)
            finder.add(
                positions,
                _says(say("{axis} is {text!r}", axis=word(axis), text=hints.cut(text))),
                say("an id of a known {axis}", axis=word(axis)),
                near or say("known: {members}", members=listed(map(member_named, members))),
                "cell_member",
            )
    filled = {name: _filled(finder.rows[name]) for name in (ECOSYSTEM, POLLUTANT, "product")}
    for identity, positions in _each_unique(finder, "variable"):
        leaf = leaves.get(identity)
        if leaf is None:
            continue
        of_leaf = positions[~stated[positions]]
        for name, has in filled.items():
            varies = any(axis == name or (name == "product" and axis not in closed) for axis in leaf.axes)
            if not varies:
                finder.add(
                    of_leaf[has[of_leaf]],
                    lambda at, name=name, identity=identity: say(
                        "{identity} names the {name} {member}",
                        identity=named(identity, leaves),
                        name=word(name),
                        member=member_named(str(finder.rows[name].iloc[at])),
                    ),  # type: ignore[misc]
                    _one_figure(name, leaf, leaves),
                    column="cell_member",
                )
            elif isinstance(leaf, Observed) and leaf.extent and not leaf.whole:
                finder.add(
                    of_leaf[~has[of_leaf]],
                    lambda _, name=name, identity=identity: say(
                        "{identity} has no {name}", identity=named(identity, leaves), name=word(name)
                    ),  # type: ignore[misc]
                    say("one row for each {name}", name=word(name)),
                    say("the rows of {identity} say which of them the county has", identity=named(identity, leaves)),
                    "cell_member",
                )


def _one_figure(axis: str, leaf: Leaf, leaves: dict[str, Leaf]) -> Text:
    """Return what a row of a leaf that does not vary over an axis looks like."""
    own = named(leaf.id, leaves)
    if not leaf.axes:
        return say("no {name}; {identity} is one figure", name=word(axis), identity=own)
    return say(
        "no {name}; {identity} is one figure by {axes}",
        name=word(axis),
        identity=own,
        axes=listed(word(one) for one in leaf.axes),
    )


def _unit(finder: _Finder, leaves: dict[str, Leaf], stated: NDArray[np.bool_]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the factor to the variable's unit and the price year of each row (0: not money, -1: the account's own year)."""
    factors = np.full(len(finder.rows), np.nan)
    price_years = np.zeros(len(finder.rows), dtype=np.int64)
    units = finder.rows["unit"].cat
    variables = finder.rows["variable"].cat
    pair = variables.codes.to_numpy().astype(np.int64) * (len(units.categories) + 1) + units.codes.to_numpy()
    pair = np.where(stated, -1, pair)
    order = np.argsort(pair, kind="stable")
    found, starts = np.unique(pair[order], return_index=True)
    for code, positions in zip(found, np.split(order, starts[1:]) if len(found) else (), strict=True):
        if code < 0:
            continue
        leaf = leaves.get(variables.categories[code // (len(units.categories) + 1)])
        if leaf is None:
            continue
        text = units.categories[code % (len(units.categories) + 1)]
        try:
            factors[positions], price_years[positions] = unit_step(leaf, text)
        except UnitError as error:
            expected = (
                say("a unit of {unit} with its price year, such as CNY_2020", unit=named_unit(leaf.unit))
                if _needs_year(leaf)
                else say("a unit of {unit}", unit=named_unit(leaf.unit))
            )
            finder.add(
                positions,
                _says(
                    say(
                        "unit of {variable} is {text!r}: {error}",
                        variable=named(leaf.id, leaves),
                        text=hints.cut(text),
                        error=error.args[0],
                    )
                ),
                expected,
                column="cell_unit",
            )
    return factors, price_years


def _needs_year(leaf: Leaf) -> bool:
    return isinstance(leaf, Coefficient) and is_priced(leaf)


def unit_step(leaf: Leaf, text: str) -> tuple[float, int]:
    """Return the factor from a unit as given to the unit of computation, and the price year (-1: the account's)."""
    if text == "" and leaf.unit != "1":
        msg = say("no unit")
        raise UnitError(msg)
    basis = basis_text(text)
    try:
        number = factor(basis, leaf.unit)
    except UnitError:
        if not (isinstance(leaf, Observed) and leaf.unit.endswith("/yr")):
            raise
        try:  # a yearly amount may be written without the year: the row's own year says it
            number = factor(f"{basis}/yr", leaf.unit)
        except UnitError:
            number = factor(basis, leaf.unit)
    if not is_priced(leaf):
        return number, 0
    year = parse_unit(text).price_year
    if year is None and isinstance(leaf, Coefficient):
        msg = say("money without a price year")
        raise UnitError(msg)
    return number, year or -1


def _bounds(finder: _Finder, leaves: dict[str, Leaf], values: NDArray[np.float64]) -> None:
    for identity, of_leaf in _each_unique(finder, "variable"):
        leaf = leaves.get(identity)
        if not isinstance(leaf, Observed | Coefficient):
            continue
        for bound, wrong in ((leaf.least, np.less), (leaf.most, np.greater)):
            if bound is None:
                continue
            positions = of_leaf[wrong(values[of_leaf], bound) & ~finder.bad[of_leaf]]
            limit = _amount(bound, leaf)
            finder.add(
                positions,
                lambda at, leaf=leaf: say(
                    "{variable} is {amount}", variable=named(leaf.id, leaves), amount=_amount(float(values[at]), leaf)
                ),  # type: ignore[misc]
                say("at least {amount}", amount=limit) if bound == leaf.least else say("at most {amount}", amount=limit),
                _BOUND_HINTS.get(identity, ""),
            )


def _amount(value: float, leaf: Leaf) -> Text | str:
    return f"{value:g}" if leaf.unit == "1" else say("{value:g} {unit}", value=value, unit=named_unit(leaf.unit))


_BOUND_HINTS = {
    "runoff_coefficient": "a percentage needs the unit %",
    "soil_erodibility": "a value in US units is multiplied by 0.1317 first",
    "soil_nitrogen_content": "a content in g/kg needs that unit",
    "soil_phosphorus_content": "a content in g/kg needs that unit",
    "nature_share": "a percentage needs the unit %",
    "marsh_saturated_moisture": "a percentage needs the unit %",
    "marsh_natural_moisture": "a percentage needs the unit %",
}


def _duplicates(finder: _Finder, leaves: dict[str, Leaf]) -> None:
    """Refuse a second row of a figure; products that differ in case, width or spaces only are one product."""
    rows = finder.rows
    key = np.zeros(len(rows), dtype=np.int64)
    for name in ("county", "year", "variable", "ecosystem", "pollutant", "product"):
        column = rows[name].cat
        spelled = column.categories if name != "product" else [_one_spelling(text) for text in column.categories]
        codes, found = pd.factorize(np.array(spelled, dtype=object))
        key = key * (len(found) + 1) + codes[column.codes.to_numpy()] + 1
        if len(column.categories) > 1:
            _, key = np.unique(key, return_inverse=True)
    _, first, back = np.unique(key, return_index=True, return_inverse=True)
    again = finder.where(first[back] != np.arange(len(rows)))

    columns = (
        "county",
        "year",
        "variable",
        "ecosystem",
        "pollutant",
        "product",
        "file",
        "line",
        *(["cell"] if "cell" in rows else []),
    )
    texts = {name: rows[name].astype(object).to_numpy() for name in columns} if len(again) else {}

    def found_again(at: int) -> Text:
        row, before = ({name: column[one] for name, column in texts.items()} for one in (at, int(first[back[at]])))
        names = [named(row["variable"], leaves), *(member_named(row[name]) for name in ("ecosystem", "pollutant", "product"))]
        said: dict[str, Any] = {
            "cell": spaced(name for name in names if name),
            "county": row["county"],
            "year": row["year"],
            "place": place_of(before),
        }
        if row["product"] == before["product"]:
            return say("{cell} of {county} {year} stands already in {place}", **said)
        return say("{cell} of {county} {year} stands already in {place} as {product}", **said, product=before["product"])

    finder.add(again, found_again, "one row a figure", "keep one of the two")


def _one_spelling(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _areas(rows: pd.DataFrame, accounts: pd.DataFrame) -> list[Problem]:
    """Refuse areas that count a piece of land twice, or do not add up to the county."""
    area = rows[rows["variable"] == "area"]
    if area.empty:
        return []
    problems = []
    parents = {member.id: member.parent for member in ecosystems().values()}
    listed = area[area["value"] > 0]
    types = listed["ecosystem"].astype(str)
    pairs = pd.MultiIndex.from_arrays([listed["account"], types])
    above = pd.MultiIndex.from_arrays([listed["account"], types.map(parents)])
    for at in np.flatnonzero(above.isin(pairs)):
        row = listed.iloc[at]
        parent = parents[str(row["ecosystem"])]
        problems.append(
            Problem(
                str(row["file"]),
                int(row["line"]),
                say(
                    "area of {ecosystem} stands beside area of {parent}, which holds it",
                    ecosystem=member_named(str(row["ecosystem"])),
                    parent=member_named(parent),
                ),
                say("either {parent} or the types below it", parent=member_named(parent)),
                "",
                cell_of(row),
            )
        )
    sums = area.groupby("account", sort=True)["value"].sum()
    land = rows[rows["variable"] == "land_area"].set_index("account")["value"]
    both = sums.index.intersection(land.index)
    gap = (sums[both] - land[both]).abs() / land[both].where(land[both] > 0)
    for account in both[(gap > AREA_TOLERANCE).to_numpy()]:
        row = rows[(rows["account"] == account) & (rows["variable"] == "land_area")].iloc[0]
        county, year = accounts.iloc[account]
        problems.append(
            Problem(
                str(row["file"]),
                int(row["line"]),
                say(
                    "areas of ecosystems of {county} {year} add up to {sum:,.2f} km^2, land_area is {land:,.2f} km^2",
                    county=county,
                    year=year,
                    sum=sums[account],
                    land=land[account],
                ),
                say("a difference of at most {share:.1%}", share=AREA_TOLERANCE),
                "land of unknown type is entered as unclassified",
                cell_of(row),
            )
        )
    return problems
