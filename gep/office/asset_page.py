"""What lies behind the flows of an account, for a page: extent from the store; value, condition and carbon with documents that somebody brings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gep.messages.problems import Problem, Problems, refuse_one
from gep.office.held import hold_files
from gep.store.newest import list_heads_of_years
from gep.tasks.asset_accounts import find_asset_table, find_condition, find_extent, find_stored_condition, read_areas
from gep.tasks.assets import value_assets
from gep.tasks.carbon import find_difference, find_stocks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gep.assets.condition import Condition
    from gep.assets.extent import Extent
    from gep.carbon.change import Difference
    from gep.carbon.inventory import Stock
    from gep.store.keys import AccountKey
    from gep.store.store import Store
    from gep.tasks.asset_accounts import AssetTable
    from gep.tasks.assets import ValuedAssets
    from gep.worked.calculation import Figure

VALUATION = "valuation.yaml"
"""What a valuation that was typed is called."""
TABLES = ("transitions", "quality", "water", "indicators", "areas", "inventory", "later_inventory")
"""Tables that may be brought."""
INVENTORIES = TABLES[-2:]


@dataclass(frozen=True)
class Brought:
    """What was computed with what somebody brought; nothing of it is stored.

    Attributes
    ----------
    valued : the yearly flows of the closing account and what they are worth
    table  : what changed that worth since the opening; None: there is no earlier year
    difference : between the first and the last inventory; None: there is one only
    """

    valued: ValuedAssets | None
    table: AssetTable | None
    condition: Condition | None
    stocks: tuple[Stock, ...]
    difference: Difference | None


@dataclass(frozen=True)
class AssetPage:
    """The page of an account.

    Attributes
    ----------
    years   : earlier years that are stored, which may be the opening
    opening : the year that was chosen, else the last before; None: there is none
    extent  : None: there is no opening, or it cannot be accounted, as `refused` says
    areas   : areas of the account, hm2, where there is no extent account
    """

    years: tuple[int, ...]
    opening: int | None
    extent: Extent | None
    areas: Mapping[str, Figure]
    refused: tuple[Problem, ...]
    brought: Brought | None


def make_asset_page(
    store: Store, key: AccountKey, opening: int | None, valuation: str = "", files: Mapping[str, tuple[str, bytes]] | None = None
) -> AssetPage:
    """Return what there is to show of the assets behind an account.

    Parameters
    ----------
    opening   : an earlier year that is stored; another one, or None: the last before
    valuation : YAML as `gep assets table` takes it; empty: there is none
    files     : one of TABLES → name and content

    Raises
    ------
    Problems : what is wrong in what was brought
    """
    with store:
        earlier = {one.year: one for one in list_heads_of_years(store, key) if one.year < key.year}
        year = opening if opening in earlier else max(earlier, default=None)
        years = None if year is None else (earlier[year].key, key)
        files = files or {}
        moved = files.get("transitions")
        extent: Extent | None = None
        refused: tuple[Problem, ...] = ()
        with hold_files([moved] if moved else []) as paths:
            if moved:
                extent = find_extent(store if years else None, years, paths[0])
            elif years:
                try:
                    extent = store.remember(("extent", *years), lambda: find_extent(store, years, None), large=True)
                except Problems as problems:
                    refused = tuple(problems.problems)
        areas: Mapping[str, Figure] = {}
        if extent is None:
            try:
                areas = read_areas(store, key)
            except Problems as problems:
                refused = refused or tuple(problems.problems)
        brought = _compute(store, years, key, valuation, files)
    return AssetPage(tuple(sorted(earlier, reverse=True)), year, extent, areas, refused, brought)


def _compute(
    store: Store,
    years: tuple[AccountKey, AccountKey] | None,
    key: AccountKey,
    valuation: str,
    files: Mapping[str, tuple[str, bytes]],
) -> Brought | None:
    given = {name: files[name] for name in TABLES[1:] if name in files}
    if valuation.strip():
        given["valuation"] = (VALUATION, valuation.encode("utf-8", "replace"))
    if not given:
        return None
    with hold_files(list(given.values())) as paths:
        path = dict(zip(given, paths, strict=True))
        valued = table = condition = difference = None
        if "valuation" in path:
            valued = value_assets(store, key, path["valuation"])
            table = find_asset_table(store, years, path["valuation"]) if years else None
        if {"quality", "water", "indicators"} & set(path):
            tables = (path.get("quality"), path.get("water"), path.get("indicators"))
            if "areas" in path or years is None:
                condition = find_condition(*tables, path.get("areas"))
            else:
                condition = find_stored_condition(store, years, *tables)
        elif "areas" in path:
            refuse_one(given["areas"][0], "areas weight indices, and there is none", "tables of the condition of types")
        inventories = [path[name] for name in INVENTORIES if name in path]
        stocks = find_stocks(inventories) if inventories else []
        if len(stocks) > 1:
            difference = find_difference(inventories, stocks[0].year, stocks[-1].year)
    return Brought(valued, table, condition, tuple(stocks), difference)
