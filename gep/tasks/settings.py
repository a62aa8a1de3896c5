"""Keeps the settings of stored accounts when they are computed again: the standard and the price year, unless others are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.problems import Problem, Problems
from gep.messages.texts import Text, join_list, say
from gep.records import dataclass
from gep.standards.standard import DEFAULT, list_shipped_standards, load_standard
from gep.store.newest import read_newest
from gep.store.settings import list_settings
from gep.tasks.compute import choose_standard
from gep.tasks.standard_choice import read_choice

if TYPE_CHECKING:
    from gep.inputs.rows import Inputs
    from gep.store.settings import Settings
    from gep.store.store import Store


@dataclass(frozen=True)
class Chosen:
    """What a run is computed by, and in a sentence for each what was kept from an earlier run."""

    standard: str
    price_year: int | None
    kept: tuple[Text, ...] = ()


def choose_settings(
    store: Store, inputs: Inputs, standard: str | None, price_year: int | None, *, current_only: bool = False
) -> Chosen:
    """Return what the accounts of inputs are computed by: as asked, else as the covers say, else as they were last stored.

    Parameters
    ----------
    standard, price_year : asked for; None: not asked
    current_only : no price year is wanted, whatever was stored

    Raises
    ------
    Problems : covers that contradict one another, and accounts that were last stored with settings that differ
    """
    accounts = inputs.accounts
    before = _list_before(store, accounts["county"].astype(str).tolist(), [int(year) for year in accounts["year"]])
    kept: list[Text] = []
    if standard is None and not inputs.standards and before:
        standard = _keep_standard(before)
        if standard != DEFAULT:
            kept.append(say("standard {name} kept from run {run} (--standard names another)", name=standard, run=before[-1].run))
    elif standard is None and not inputs.standards:
        standard = read_choice(store) or None
        if standard:
            kept.append(say("standard {name}, as chosen for this store (--standard names another)", name=standard))
        else:
            kept.append(say("standard {name}, the default: nobody named one (gep standards choose says why)", name=DEFAULT))
    chosen = choose_standard(standard, inputs)
    if price_year is None and not current_only and not inputs.price_years and before:
        identity = load_standard(chosen).key
        price_year = _keep_price_year([one for one in before if one.standard == identity])
        if price_year is not None:
            text = "price year {year} kept from the run before (--price-year names another, --current-prices drops it)"
            kept.append(say(text, year=price_year))
    return Chosen(chosen, price_year, tuple(kept))


def expect_standard(store: Store, county: str, year: int) -> str:
    """Return the standard that a run of an account takes where nobody names one: as last stored, else the store's, else the default one."""
    names = {one.standard for one in read_newest(store).get((county, year), ())}
    if names:
        return names.pop() if len(names) == 1 and names <= set(list_shipped_standards()) else DEFAULT
    return read_choice(store) or DEFAULT


def _list_before(store: Store, counties: list[str], years: list[int]) -> list[Settings]:
    if not store.exists:
        return []
    with store:
        return list_settings(store, counties, years)


def _keep_standard(before: list[Settings]) -> str:
    names = sorted({one.standard for one in before})
    if DEFAULT in names:
        return DEFAULT
    if len(names) == 1 and names[0] in list_shipped_standards():
        return names[0]
    found = say("the accounts are kept under {names}", names=join_list(names))
    expected = "the standard to compute them by"
    raise Problems([Problem("--standard", 0, found, expected, "--standard ID or FILE names it")])


def _keep_price_year(before: list[Settings]) -> int | None:
    years = {one.constant_year for one in before}
    if len(years) <= 1:
        return next(iter(years), None)
    known = sorted(str(year) for year in years if year is not None)
    found = say("the accounts were stored with different price years: {years}", years=join_list(known))
    if None in years:
        found = say("some of the accounts were stored with the price year {years}, others without", years=join_list(known))
    hint = "--price-year YEAR or --current-prices says it for all; or run them one by one"
    raise Problems([Problem("--price-year", 0, found, "one price year for a run", hint)])
