"""Outliers of an account: against the county's own past, and against similar counties in the store."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from gep.reference.periods import comes_before
from gep.reference.regions import find_level, find_province
from gep.store.county_figures import list_values_per_km2, read_constant_year, read_values
from gep.store.newest import list_newest_kept

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gep.store.accounts import OpenStore
    from gep.store.county_figures import CountyValue
    from gep.store.keys import AccountKey
    from gep.store.rows import Connection

PAST_FACTOR = 1.5
"""A service that is more than 1.5 times, or less than two thirds of, what it was is named."""

MOST_Z, NORMAL = 3.5, 1.4826
"""Modified z-score |x − median| / (1.4826 MAD) above which a value is an outlier (Iglewicz and Hoaglin 1993)."""

LEAST_OTHERS = 8
"""Other counties needed before a county is compared with them."""

YEARS_APART = 2
"""How many years another county's account may be away."""


@dataclass(frozen=True)
class Outlier:
    """One service, or the total (`gep`), out of the ordinary; `value` and `usual` in CNY/yr, or in CNY/km²/yr."""

    service: str
    value: float
    usual: float
    ratio: float
    z: float | None = None


@dataclass(frozen=True)
class Unusual:
    """A comparison: what was compared with what, in words, and what stood out; without a basis nothing was compared."""

    basis_zh: str
    basis_en: str
    compared: int
    outliers: tuple[Outlier, ...]


def compare_with_past(connection: OpenStore, place: AccountKey) -> Unusual:
    """Return the services that changed by more than PAST_FACTOR since the nearest earlier year in the store.

    Returns
    -------
    Unusual with values in CNY/yr, at constant prices where both runs have them
    """
    before = [
        one
        for one in list_newest_kept(connection, [place.county])
        if one.standard == place.standard and comes_before(one.year, place.year)
    ]
    if not before:
        return Unusual("库中没有本县更早的年份，未比较", "the store has no earlier year of the county; not compared", 0, ())
    earlier = before[-1]
    bases = {read_constant_year(connection, run) for run in (earlier.run, place.run)}
    base = bases.pop() if len(bases) == 1 else None
    now = read_values(connection, place, constant=base is not None)
    then = read_values(connection, earlier.key, constant=base is not None)
    outliers = [
        Outlier(service, value, then[service], value / then[service])
        for service, value in now.items()
        if then.get(service, 0.0) > 0 and not 1 / PAST_FACTOR <= value / then[service] <= PAST_FACTOR
    ]
    prices_zh = f"{base} 年不变价" if base is not None else "各年当年价"
    prices_en = f"prices of {base}" if base is not None else "current prices of each year"
    return Unusual(
        f"与本县 {earlier.year} 年相比，{prices_zh}，变化超过 {PAST_FACTOR:g} 倍",
        f"against {earlier.year} of the same county, {prices_en}, changed by a factor above {PAST_FACTOR:g}",
        len(set(now) & set(then)),
        tuple(outliers),
    )


def compare_with_others(connection: Connection, place: AccountKey) -> Unusual:
    """Return the services whose value per km² of land stands out among other counties under the same standard.

    The others are those of the same province, or of the whole store where those are fewer than LEAST_OTHERS; of each
    the year nearest, at most YEARS_APART away. Logarithms are compared, because values per km² are skewed.
    """
    rows = list_values_per_km2(connection, place, YEARS_APART)
    own = {one.service: one.value for one in rows if one.county == place.county}
    if not own:
        return Unusual("本县没有土地面积或价值，未比较", "no land area or no value of the county; not compared", 0, ())
    kind = find_level(place.county)
    alike = [one for one in rows if one.county != place.county and find_level(one.county) == kind]
    province = [one for one in alike if find_province(one.county) == find_province(place.county)]
    others = province if _counties(province) >= LEAST_OTHERS else alike
    count = _counties(others)
    where_zh, where_en = ("本省", "of the same province") if others is province else ("库中", "in the store")
    basis_zh = f"与{where_zh}其他 {count} 个县每平方公里价值的对数相比"
    basis_en = f"against the logarithm of value per km² of {count} other counties {where_en}"
    if count < LEAST_OTHERS:
        return Unusual(
            f"{basis_zh}：不足 {LEAST_OTHERS} 个，未比较", f"{basis_en}: fewer than {LEAST_OTHERS}, not compared", 0, ()
        )
    by_service = _grouped(others)
    compared = [service for service in own if len(by_service.get(service, ())) >= LEAST_OTHERS]
    outliers = [one for service in compared if (one := _outlier(service, own, by_service[service])) is not None]
    return Unusual(
        f"{basis_zh},|x − 中位数| / (1.4826 MAD) 大于 {MOST_Z:g}",
        f"{basis_en}, |x − median| / (1.4826 MAD) above {MOST_Z:g}",
        len(compared),
        tuple(outliers),
    )


def _counties(rows: Iterable[CountyValue]) -> int:
    return len({one.county for one in rows})


def _grouped(rows: Iterable[CountyValue]) -> Mapping[str, list[float]]:
    found: dict[str, list[float]] = {}
    for one in rows:
        found.setdefault(one.service, []).append(one.value)
    return found


def _outlier(service: str, own: Mapping[str, float], others: list[float]) -> Outlier | None:
    logs = [math.log(value) for value in others]
    middle = median(logs)
    spread = NORMAL * median(abs(one - middle) for one in logs)
    away = math.log(own[service]) - middle
    if spread == 0 or abs(away) / spread <= MOST_Z:
        return None
    return Outlier(service, own[service], math.exp(middle), math.exp(away), away / spread)
