"""Factors of soil loss from what stations and soil surveys give: R from daily rain, K from texture and organic carbon, pixel by pixel.

R: the sum over the days of a year of α P^1.7265 of rain that is erosive (12 mm and more), α 0.3937 from May to September and 0.3101 else, averaged over the years
(HJ 1173-2021, A.2; the text prints neither threshold nor months: both recalled [K]). K: EPIC, then K = (−0.01383 + 0.51575 K_EPIC) × 0.1317 (HJ 1173-2021, A.2 [V]).
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Protocol

import numpy as np

from gep.formula.nodes import Observed
from gep.messages.problems import Problem, Problems, refuse, refuse_one
from gep.messages.texts import join_list, mark_word, say
from gep.messages.title import Title
from gep.space.drivers.reading import Driver, read_driver, scale_raster
from gep.space.drivers.texts import read_driver_text
from gep.space.raster.blocks import USUAL, Work, count_processors, count_under_way, make_block_runner, plan_blocks
from gep.space.raster.collect import look_at_all
from gep.space.raster.fills import asks_about_ends, check_block, check_fills, find_doubtful, list_codes
from gep.space.raster.moving import mark_unknown
from gep.space.raster.products import read_tags, read_words, recognise_driver
from gep.space.raster.sources import Raster, describe_wrong_file, read_bands
from gep.space.raster.times import list_dates
from gep.space.raster.writing import Kind, ResultRasters
from gep.units.registry import UnitError, find_factor

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from gep.space.raster.grid import Window

    Floats = NDArray[np.float64]

EROSIVE = 12.0
"""Millimetres a day from which rain is erosive, unless told."""
WARM, WARM_MONTHS, COOL, POWER = 0.3937, range(5, 10), 0.3101, 1.7265
SI = 0.1317
WHOLE, ROUNDING = 100.0, 5.0
"""Sand, silt and clay are all of the soil, to some points: they are often predicted one by one."""
PARTS = ("sand", "silt", "clay", "carbon")
TITLES = (
    Title("砂粒含量", "sand"),
    Title("粉粒含量", "silt"),
    Title("黏粒含量", "clay"),
    Title("土壤有机碳含量", "organic carbon of soil"),
)
RAIN = "precipitation"
MOST_RAIN = 2000.0
"""Millimetres that no day has had."""
BYTES = 128


class Factor(Protocol):
    """What gives a factor block by block."""

    def compute(self, window: Window) -> NDArray[np.float32]:
        """Return the factor of a block; NaN where there is none."""


@dataclass(frozen=True)
class _Daily:
    """Daily rain in mm: rasters on one grid in the order of the days, what each is multiplied by, α of its day, and what marks no figure in it.

    Attributes
    ----------
    asks  : of each day, whether 0 may be a background
    codes : of each day, numbers as stored, from and to, that may be fill codes
    """

    days: tuple[Raster, ...]
    factor: float
    weights: tuple[float, ...]
    asks: tuple[bool, ...]
    codes: tuple[tuple[tuple[float, float], ...], ...]
    erosive: float
    years: int

    def compute(self, window: Window) -> NDArray[np.float32]:
        """Return R of a block; NaN where a day has no figure."""
        found = np.zeros((window.rows, window.columns))
        every = zip(self.days, self.weights, self.asks, self.codes, read_bands(self.days, window), strict=True)
        for day, weight, asked, codes, stored in every:
            ends = float(np.fmin.reduce(stored, axis=None)), float(np.fmax.reduce(stored, axis=None))
            check_block(day, RAIN, stored, ends, codes, asks=asked)
            known = mark_unknown(day, np.asarray(stored), "float64").astype(np.float64, copy=False)
            rain = (known * day.scale + day.offset) * self.factor
            low, high = np.fmin.reduce(rain, axis=None), np.fmax.reduce(rain, axis=None)  # NaN where no pixel has a figure
            if low < 0 or high > MOST_RAIN:
                worst = float(low if low < 0 else high)
                raise describe_wrong_file(
                    day.path,
                    say("rain of a day is {value:,.6g} mm (band {band})", value=worst, band=day.band),
                    say("between {least} and {most}", least=0, most=f"{MOST_RAIN:,.0f} mm"),
                    "is the unit right, is nodata marked?",
                )
            found += np.where(rain >= self.erosive, weight * np.maximum(rain, 0) ** POWER, np.where(np.isnan(rain), np.nan, 0.0))
        return (found / self.years).astype(np.float32)


@dataclass(frozen=True)
class _Soil:
    """Layers of the topsoil in percent, on the grid of the first."""

    parts: tuple[Driver, ...]

    def compute(self, window: Window) -> NDArray[np.float32]:
        """Return K of a block; NaN where a layer has no figure, or the formula none.

        Raises
        ------
        Problems : texture that does not add up
        """
        sand, silt, clay, carbon = (
            one.values(one.read(window).ravel()).reshape(window.rows, window.columns) for one in self.parts
        )
        off = np.abs(sand + silt + clay - WHOLE)
        if np.nanmax(off, initial=0) > ROUNDING:
            at = np.unravel_index(int(np.nanargmax(off)), off.shape)
            raise describe_wrong_file(
                self.parts[0].raster.path,
                say(
                    "sand {sand:.4g} %, silt {silt:.4g} % and clay {clay:.4g} % add up to {whole:.4g} %",
                    sand=sand[at],
                    silt=silt[at],
                    clay=clay[at],
                    whole=sand[at] + silt[at] + clay[at],
                ),
                say("100 %, to {points:.0f} points", points=ROUNDING),
                "are the units right? SoilGrids stores g/kg: sand.tif[g/kg]",
            )
        return compute_erodibility(sand, silt, clay, carbon).astype(np.float32)


def compute_erodibility(sand: Floats, silt: Floats, clay: Floats, carbon: Floats) -> Floats:
    """Return K in t·hm²·h/(hm²·MJ·mm); NaN where the formula gives none (neither silt nor clay, or a K of 0 and less).

    Parameters
    ----------
    sand, silt, clay, carbon : percent

    Source: EPIC (Williams 1990) and its correction as printed in HJ 1173-2021, A.2.
    """
    coarse = 1 - sand / WHOLE
    with np.errstate(invalid="ignore", divide="ignore"):
        epic = (
            (0.2 + 0.3 * np.exp(-0.0256 * sand * (1 - silt / WHOLE)))
            * (silt / (clay + silt)) ** 0.3
            * (1 - 0.25 * carbon / (carbon + np.exp(3.72 - 2.95 * carbon)))
            * (1 - 0.7 * coarse / (coarse + np.exp(-5.51 + 22.9 * coarse)))
        )
    found = (-0.01383 + 0.51575 * epic) * SI
    return np.where(found > 0, found, np.nan)


def write_erodibility(layers: Sequence[str], output: Path, work: Work = USUAL) -> list[str]:
    """Write K of soil as a raster; return what was done, in words.

    Parameters
    ----------
    layers : sand, silt, clay and organic carbon: FILE, FILE[UNIT] or FILE*FACTOR[UNIT]; the others are brought onto the grid of the first

    Raises
    ------
    Problems : files that cannot be used, shares without a unit or that do not add up
    """
    leaves = {
        name: Observed(name, name, "%", (), title, least=0.0, most=WHOLE) for name, title in zip(PARTS, TITLES, strict=True)
    }
    found: list[Driver] = []
    problems: list[Problem] = []
    land: Raster | None = None
    for name, text in zip(PARTS, layers, strict=True):
        try:
            rasters = look_at_all(read_driver_text(f"{name}={text}").file)
            land = land or rasters[0]
            found.append(read_driver(f"{name}={text}", land, leaves, None, 2000))
        except Problems as error:
            problems += error.problems
    refuse(problems)
    assert land is not None  # noqa: S101 - refuse has raised otherwise
    source = "; ".join(f"{one.id}: {one.raster.cited}, {one.about}" for one in found)
    tags = {"RULE": "soil_erodibility", "METHOD": "EPIC, HJ 1173-2021 A.2", "LAYERS": source}
    kind = Kind(output.stem, ("soil_erodibility",), "t*ha*h/ha/MJ/mm", {"UNIT": "t*ha*h/ha/MJ/mm", **tags})
    write_factor(_Soil(tuple(found)), land, kind, output, work)
    return [*(one.told for one in found), say("{method}: {output}", method=mark_word(tags["METHOD"]), output=output)]


def write_erosivity(
    rain: Sequence[str], output: Path, years: tuple[int, int], erosive: float = EROSIVE, work: Work = USUAL
) -> list[str]:
    """Write R of daily rain as a raster; return what was done, in words.

    Parameters
    ----------
    rain    : files or bands of all days in their order: FILE, FILE[UNIT] or FILE*FACTOR[UNIT]; a folder, a pattern, several
    years   : first and last
    erosive : mm a day from which rain counts

    Raises
    ------
    Problems : files that cannot be used, days that are missing, rain without a unit
    """
    first, last = years
    if last < first:
        refuse_one(
            "--years", say("the first is {one} and the last {other}", one=first, other=last), say("the earlier year first")
        )
    weights = tuple(
        WARM if month in WARM_MONTHS else COOL
        for year in range(first, last + 1)
        for month in range(1, 13)
        for _ in range(monthrange(year, month)[1])
    )
    written = read_driver_text(f"rain={','.join(rain)}")
    days = look_at_all(written.file, every_band=True)
    if len(days) != len(weights):
        raise describe_wrong_file(
            days[0].path,
            say("{count} days are given", count=len(days)),
            say("the {count} days of {first} to {last}", count=len(weights), first=first, last=last),
            "one file or band a day, in the order of the days; a day that is missing is not a day without rain",
        )
    refuse(
        Problem(one.name, 0, say("it does not lie on the grid of {other}", other=days[0].name), "rasters on one grid")
        for one in days
        if not one.grid.same_as(days[0].grid)
    )
    tags_of_days = read_tags(days)
    _check_dates(days[0].path, list_dates(days, tags_of_days), first, last)
    words = read_words(days[0])
    product = recognise_driver(days[0], RAIN, words)
    scaled = tuple(scale_raster(one, tags, written, product) for one, tags in zip(days, tags_of_days, strict=True))
    unit = written.unit or days[0].unit or (product.unit if product else "")
    factor = next((by for wanted in ("mm", "mm/d") if (by := _find(unit, wanted)) is not None), None)
    if factor is None:
        raise describe_wrong_file(
            days[0].path,
            say("daily rain is in {unit!r}", unit=unit),
            "mm a day",
            "--rain 'FILES[mm]' states it, FILES*FACTOR[mm] a factor too",
        )
    alike = {_name_kind(one): one for one in reversed(scaled)}  # the first of each; files of one series are all alike
    asks = {kind: asks_about_ends(one) for kind, one in alike.items()}
    codes = {kind: list_codes(one, RAIN, asks=asks[kind]) for kind, one in alike.items()}
    for name, one in alike.items():
        check_fills(one, RAIN, find_doubtful(one, RAIN), asks=asks[name])
    kinds = [_name_kind(one) for one in scaled]
    method = (
        f"sum of alpha P^{POWER} of days of {erosive:g} mm and more, alpha {WARM} (May to September) and {COOL}; HJ 1173-2021 A.2"
    )
    cited = f"{days[0].cited} and {len({one.path for one in days}) - 1} more files"
    tags = {
        "RULE": "rainfall_erosivity",
        "METHOD": method,
        "RAIN": cited,
        "YEARS": f"{first}-{last}",
        "MARK": "V; threshold and months K",
    }
    kind = Kind(output.stem, ("rainfall_erosivity",), "MJ*mm/ha/h/yr", {"UNIT": "MJ*mm/ha/h/yr", **tags})
    asked, looked_for = tuple(asks[kind] for kind in kinds), tuple(codes[kind] for kind in kinds)
    task = _Daily(scaled, factor, weights, asked, looked_for, erosive, last - first + 1)
    write_factor(task, days[0], kind, output, work)
    ends = join_list((days[0].name, days[-1].name)) if days[0].path != days[-1].path else days[0].name
    return [
        say("{count} days of {first} to {last} in the order of {files}", count=len(days), first=first, last=last, files=ends),
        say("{method}: {output}", method=mark_word(method), output=output),
    ]


def _check_dates(path: str, dates: Sequence[date], first: int, last: int) -> None:
    """Refuse days whose files say other days than those they are taken for; accumulations may be dated by their end.

    Raises
    ------
    Problems : a day is another than its place says
    """
    begin = date(first, 1, 1)
    shift = (dates[0] - begin).days if dates else 0
    if abs(shift) <= 1:
        begin += timedelta(shift)
    for at, one in enumerate(dates):
        wanted = begin + timedelta(at)
        if one != wanted:
            raise describe_wrong_file(
                path,
                say("by its name or time, day {at} is {day}", at=at + 1, day=one.isoformat()),
                say("{day}: the days of {first} to {last} in their order", day=wanted.isoformat(), first=first, last=last),
                "names or times in the files say so: is a file a copy, of another year, or left out? what is missing is no zero",
            )


def _name_kind(day: Raster) -> tuple[object, ...]:
    """Return what days have in common that mark what is no figure in one way."""
    return day.dtype, str(day.nodata), day.fills


def _find(unit: str, wanted: str) -> float | None:
    try:
        return find_factor(unit, wanted) if unit else None
    except UnitError:
        return None


def _compute(task: Factor, window: Window) -> NDArray[np.float32]:
    return task.compute(window)


def write_factor(task: Factor, grid_of: Raster, kind: Kind, output: Path, work: Work, bytes_a_pixel: int = BYTES) -> None:
    """Compute and write a raster block by block.

    Parameters
    ----------
    grid_of       : a raster on the same grid
    bytes_a_pixel : what a pixel takes while it is computed

    Raises
    ------
    Problems : a name that ends otherwise, a file that cannot be written
    """
    if output.suffix.lower() not in {".tif", ".tiff"}:
        refuse_one("--output", say("the raster is to be {name!r}", name=output.name), "a name ending in .tif")
    threads = work.threads or count_processors()
    blocks = plan_blocks(grid_of, bytes_a_pixel)
    under_way = count_under_way(blocks, bytes_a_pixel, work.memory, threads)
    with (
        ResultRasters(output.parent, grid_of.grid, [kind], threads) as files,
        make_block_runner(work.scheduler, threads, under_way) as run,
    ):
        for at, (window, found) in enumerate(zip(blocks, run(_compute, task, blocks), strict=True), start=1):
            work.progress(say("block {at} of {count}", at=at, count=len(blocks)))
            files.write(0, window, found[None])
