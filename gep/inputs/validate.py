"""Finds everything that is wrong with input rows, and keeps the rows that are right."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from gep.files.written_names import clean_text
from gep.files.written_numbers import NUMBER
from gep.inputs import hints
from gep.inputs.period_rows import check_dated, note_sums, share_sums
from gep.inputs.rated import check_rated
from gep.inputs.references import take_references
from gep.inputs.row_conflicts import check_areas, check_duplicates, check_letters, check_marks
from gep.inputs.row_members import check_members, check_variables
from gep.inputs.row_numbers import number_keys, sort_by_number
from gep.inputs.row_problems import RowProblems, group_unique, say_always
from gep.inputs.row_units import check_bounds, check_finite, check_price_years, convert_units, fits_leaf
from gep.inputs.rows import FIRST_YEAR, LAST_YEAR, Inputs
from gep.inputs.sums import check_sums
from gep.inputs.unit_years import check_unit_years
from gep.inputs.wholes import check_of_which, check_wholes, find_wholes, mark_wholes
from gep.messages.texts import name_id, say
from gep.reference.county_references import is_reference_word
from gep.reference.periods import read_period
from gep.reference.regions import name_region, read_regions
from gep.units.registry import scale_number
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from gep.formula.nodes import Leaf
    from gep.messages.problems import Problem

_DOES_NOT_APPLY = {"not applicable", "不适用"}


def check_rows(rows: pd.DataFrame, coefficients: Mapping[str, Leaf], applicable: frozenset[str]) -> tuple[Inputs, list[Problem]]:
    """Return the validated inputs, and the problems of all rows; with problems the inputs hold the right rows only.

    Parameters
    ----------
    rows : all text, a column each of `COLUMNS` and `OPTIONAL`, with file and line, and cells for rows of workbooks
    coefficients, applicable : as in `read_inputs`
    """
    rows = rows.copy(deep=False)
    for name in ("county", "year", "variable", "ecosystem", "pollutant", "product", "unit", "source", "note"):
        column = rows[name].astype("category")
        cleaned = [_clean(str(text)) for text in column.cat.categories]
        if cleaned == [*column.cat.categories] and cleaned and (column.cat.codes >= 0).all():
            rows[name] = column
            continue
        codes, found = pd.factorize(np.array(cleaned, dtype=object))
        united: pd.Index[str] = pd.Index(found)
        taken = np.where(column.cat.codes >= 0, codes[column.cat.codes] if len(codes) else -1, -1)
        if len(united) == 0 or (taken < 0).any():
            united = pd.Index([*united, ""]).unique()
            taken = np.where(taken < 0, int(np.flatnonzero(united == "")[0]), taken)
        rows[name] = pd.Categorical.from_codes(taken, categories=united)
    rows = take_references(rows)
    finder = RowProblems(rows)
    counties = _county(finder)
    years, stated_as = _year(finder)
    moment, moments = number_keys(years, int(years.max(initial=0)) + 1)
    check_unit_years(finder, counties, moment, moments)
    leaves: dict[str, Leaf] = {**VARIABLES, **coefficients}
    stated = _does_not_apply(finder)
    check_variables(finder, leaves, applicable, stated)
    check_letters(finder)
    check_marks(finder)
    values, given = _value(finder, stated, leaves)
    check_members(finder, leaves, stated)
    factors, price_years = convert_units(finder, leaves, stated, years)
    share_sums(finder, leaves, factors, years, stated_as)
    check_price_years(finder, leaves, price_years, years)
    check_dated(finder, leaves, price_years, years)
    price_years = np.where((price_years < 0) & (years <= LAST_YEAR), years, price_years)
    with np.errstate(over="ignore"):
        converted = values * factors
    changed = np.flatnonzero((factors != 1) & np.isfinite(converted))
    converted[changed] = [scale_number(*pair) for pair in zip(values[changed].tolist(), factors[changed].tolist(), strict=True)]
    check_finite(finder, values, converted)
    check_bounds(finder, leaves, converted)
    check_duplicates(finder, leaves)
    good = ~finder.bad
    accounts, number = _number_accounts(counties, moment, moments, good)
    same = given.dtype == np.float64 and bool((given.to_numpy().view(np.int64) == converted.view(np.int64)).all())
    columns = pd.DataFrame(
        {
            "account": number,
            "variable": rows["variable"],
            "ecosystem": rows["ecosystem"],
            "pollutant": rows["pollutant"],
            "product": rows["product"],
            "value": converted,
            "price_year": price_years,
            **({} if same else {"value_given": given}),
            "unit_given": rows["unit"],
            "source": rows["source"],
            "note": note_sums(rows["note"], years, stated_as),
            "file": rows["file"].astype("category"),
            "line": rows["line"],
            **({"cell": rows["cell"].astype("category")} if "cell" in rows else {}),
        },
        copy=False,
    )
    problems = finder.problems
    del finder, rows, given, converted, values, factors, price_years, number, years, moment, counties, stated_as
    places = ["file", "line", *(["cell"] if "cell" in columns else [])]
    inapplicable = columns[stated & good][["account", "variable", "source", "note", *places]]
    counted = good & ~stated
    clean = _sort_rows(columns if counted.all() else columns[counted])
    del columns
    if same:
        clean.insert(list(clean.columns).index("unit_given"), "value_given", clean["value"])
    homes = dict(enumerate(accounts["county"]))
    wholes = find_wholes(clean, leaves, homes)
    together = [*check_wholes(clean, wholes, leaves), *check_of_which(clean)]
    together += [] if together else check_sums(clean, mark_wholes(len(clean), wholes), leaves)
    problems += [*check_areas(clean, accounts), *check_rated(clean), *together]
    files = inapplicable.rename(columns={"variable": "id"}).astype({"id": str, "source": str, "note": str, "file": str})
    return Inputs(accounts, clean, files.reset_index(drop=True)), problems


def _number_accounts(
    counties: pd.Categorical[str], moment: NDArray[np.int64], moments: NDArray[np.int64], good: NDArray[np.bool_]
) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """Return the accounts of the rows that are right, sorted by county and year, and the account of each row; -1: it has none.

    Parameters
    ----------
    counties, moment, good : of the rows
    moments : the year of each moment, sorted
    """
    names = counties.categories.to_numpy(dtype=object)
    order = np.argsort(names)
    rank = np.empty(len(names), dtype=np.int64)
    rank[order] = np.arange(len(names))
    keys, distinct = number_keys(rank[counties.codes] * len(moments) + moment, len(names) * len(moments))
    used = np.zeros(len(distinct), dtype=bool)
    used[keys if good.all() else keys[good]] = True
    numbers = np.where(used, np.cumsum(used) - 1, -1)
    county, year = np.divmod(distinct[used], max(len(moments), 1))
    accounts = pd.DataFrame({"county": names[order][county], "year": moments[year]})
    return accounts, numbers[keys]


def _sort_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows sorted by account and line; a few thousand accounts of rows that stand in order are sorted by account alone."""
    lines, accounts = rows["line"].to_numpy(), rows["account"].to_numpy()
    if not len(rows) or accounts.max() > np.iinfo(np.uint16).max or (lines[1:] < lines[:-1]).any():
        return rows.sort_values(["account", "line"], kind="stable", ignore_index=True)
    order, _ = sort_by_number(accounts, int(accounts.max()) + 1)
    return pd.DataFrame({name: _take(rows[name], order) for name in rows}, copy=False)


def _take(column: pd.Series, order: NDArray[np.intp]) -> Any:
    """Return the values of a column in another order; where all are one text there is nothing to do."""
    if isinstance(column.dtype, pd.CategoricalDtype) and len(column.cat.categories) == 1:
        return column.array
    return column.to_numpy()[order] if isinstance(column.dtype, np.dtype) else column.array.take(order)


def _clean(text: str) -> str:
    """Return a cell's text without spaces round it and without characters nobody sees."""
    return "" if text in {"None", "nan"} else clean_text(text)


def _county(finder: RowProblems) -> pd.Categorical[str]:
    """Return the code of each row's county, empty where it is not known."""
    known, column = read_regions(), finder.rows["county"]
    names = [str(text) for text in column.cat.categories if text in known]
    if len(names) == len(column.cat.categories):
        return pd.Categorical.from_codes(column.cat.codes.to_numpy(), categories=pd.Index(names))
    for text, positions in group_unique(finder, "county"):
        if text in known:
            continue
        finder.add(
            finder.of_tables(positions),
            say_always(say("county is {text!r}", text=hints.cut(text))),
            "a six-digit GB/T 2260 code",
            finder.guess(hints.suggest_county, text, _years_of(finder, positions)),
        )
    codes = column.cat.set_categories(names).cat.codes.to_numpy()
    return pd.Categorical.from_codes(np.where(codes < 0, len(names), codes), categories=pd.Index([*names, ""]))


def _years_of(finder: RowProblems, positions: NDArray[np.intp]) -> set[int]:
    """Return the years of some rows, as far as they can be read."""
    texts = set(finder.rows["year"].iloc[positions].astype(str))
    return {int(text) for text in texts if re.fullmatch(r"[0-9]{4}", text)} | {
        found.period for text in texts if (found := read_period(text)) is not None
    }


def _year(finder: RowProblems) -> tuple[NDArray[np.int64], NDArray[np.object_]]:
    """Return the year or period of each row, and what a period's figure is said to be (`mean`, `sum`, or nothing)."""
    column = finder.rows["year"].cat
    read = [_read_year(text) for text in column.categories]
    years, stated_as = (
        np.array([year for year, _ in read], dtype=np.int64),
        np.array([figures for _, figures in read], dtype=object),
    )
    for text, positions in group_unique(finder, "year") if 0 in years else ():
        if _read_year(text)[0]:
            continue
        finder.add(
            finder.of_tables(positions),
            say_always(say("year is {text!r}", text=hints.cut(text))),
            say("a year from {first} to {last}, four digits", first=FIRST_YEAR, last=LAST_YEAR),
            hints.suggest_year(text),
        )
    codes = column.codes.to_numpy()
    return years[codes], stated_as[codes] if any(stated_as) else np.broadcast_to(np.array("", dtype=object), len(codes))


def _read_year(text: str) -> tuple[int, str]:
    """Return the year or period that a text says, and what a period's figure is said to be; 0 where it says none."""
    if re.fullmatch(r"[0-9]{4}", text) and FIRST_YEAR <= int(text) <= LAST_YEAR:
        return int(text), ""
    found = read_period(text)
    return (int(found.period), found.figures) if found is not None else (0, "")


def _does_not_apply(finder: RowProblems) -> NDArray[np.bool_]:
    values = finder.rows["value"]
    if values.dtype != object and not isinstance(values.dtype, pd.StringDtype):
        return np.zeros(len(values), dtype=bool)
    return values.astype(str).str.strip().str.lower().isin(_DOES_NOT_APPLY).to_numpy()


def _fitting(finder: RowProblems, at: int, leaves: dict[str, Leaf]) -> Callable[[str], bool]:
    """Return what says whether a unit may stand in a row."""
    leaf = leaves.get(str(finder.rows["variable"].iloc[at]))
    return lambda unit: leaf is None or fits_leaf(leaf, unit)


def _value(finder: RowProblems, stated: NDArray[np.bool_], leaves: dict[str, Leaf]) -> tuple[NDArray[np.float64], pd.Series]:
    column = finder.rows["value"]
    expected = "a number with a decimal point, without thousands marks"
    if pd.api.types.is_numeric_dtype(column.dtype):
        values = column.to_numpy(dtype=np.float64, na_value=np.nan) + 0.0
        wrong = np.flatnonzero(~np.isfinite(values))
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
    suspect = np.flatnonzero((~np.isfinite(values) | text.str.contains("_|[xXa-df-zA-DF-Z]", regex=True).to_numpy()) & ~stated)
    for at in suspect:
        written = plain[at]
        if NUMBER.fullmatch(written) and np.isfinite(values[at]):
            continue
        if is_reference_word(written):
            row = finder.rows.iloc[int(at)]
            found = say(
                "there is no reference value of {variable} for {county}",
                variable=name_id(str(row["variable"]), leaves),
                county=name_region(str(row["county"])),
            )
            finder.add([int(at)], say_always(found), say("the county's own figure"))
            continue
        finder.add(
            [int(at)],
            say_always(say("value is {text!r}", text=hints.cut(written))),
            expected,
            hints.suggest_number(written, unit=str(finder.rows["unit"].iloc[int(at)]), fits=_fitting(finder, int(at), leaves)),
        )
    values = values + 0.0  # turns -0 into 0
    return np.where(np.isfinite(values), values, np.nan), text
