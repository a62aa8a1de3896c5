"""A province or city as a page tells it: its counties ranked, mapped, in a matrix of years; and its reports made as a job."""

from __future__ import annotations

import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from gep.messages.numbers import is_known
from gep.messages.problems import refuse_one
from gep.office.charts import draw_for_page
from gep.reports.many import make_many, plan
from gep.reports.model import Point
from gep.reports.pictures import map_figure
from gep.reports.words import read_words
from gep.reports.writing import FORMATS, Options

if TYPE_CHECKING:
    from collections.abc import Callable

    from gep.reference.regions import Region
    from gep.regional.ranking import Ranking
    from gep.reports.model import Figure

LARGEST = 1_000_000
"""Bytes of a map."""
PROCESSES = 2
"""How many processes make the reports of a job; the server goes on beside them."""


def draw_map(ranking: Ranking, lang: str) -> Figure | None:
    """Return the map of a place's counties by value per km², drawn; None where no county has one.

    Parameters
    ----------
    lang : zh or en
    """
    words, points = read_words(lang), list_points(ranking)
    return draw_for_page(map_figure("map", words["f_map"], points, "", "", words, year=ranking.year), lang) if points else None


def list_points(ranking: Ranking) -> list[Point]:
    """Return what a map shows: the counties with a value per km² (in 10⁴ CNY) whose outlines are shipped."""
    from gep.reference.regions import find_province
    from gep.reports.maps import read_polygons

    return [
        Point(one.county, one.gep_per_km2 / 1e4, one.county)
        for one in ranking.counties
        if is_known(one.gep_per_km2) and one.county in read_polygons(find_province(one.county))
    ]


def make_reports(
    copy: Path, beside: Path, place: Region, prefix: str, year: int, format: str, lang: str, tell: Callable[[str, int, int], None]
) -> Path:
    """Make the reports of all counties of a place that have an account of a year, and return them in one file.

    Parameters
    ----------
    copy   : of the store
    beside : folder of all jobs; what is made stays in it, so that it is not made again
    prefix : first digits of the codes of the place
    format : pdf, docx or xlsx
    tell   : is told the county just done, how many are done and how many there are; raises to stop

    Raises
    ------
    Problems : the place has no account of the year, or reports that could not be made
    """
    options = Options(format, lang)
    folder = beside / f"reports-{place.code}-{year}-{format}-{lang}"
    tasks = [one for one in plan(copy, year, None, options) if one.county.startswith(prefix)]
    if not tasks:
        refuse_one("YEAR", "the place has no account of that year", "", "run the accounts of its counties")
    tell("", 0, len(tasks))
    beside.mkdir(mode=0o700, exist_ok=True)
    failed = []
    for count, done in enumerate(make_many(copy, tasks, folder, options, jobs=PROCESSES, resume=True), 1):
        if done.problem:
            failed.append(f"{done.task.county} {done.problem}")
        tell(done.task.name_zh if lang == "zh" else done.task.name_en, count, len(tasks))
    if failed:
        refuse_one("REPORTS", "; ".join(failed[:5]), "", "start it again: what is made is kept")
    target = folder / f"{place.code}-{year}-{format}.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for task in tasks:
            archive.write(folder / task.file, f"{task.county}-{task.name_zh}-{year}{FORMATS[format]}")
    return target


def make_yearbook_file(copy: Path, code: str, year: int, format: str, lang: str) -> bytes:
    """Return the yearbook of a place from a copy of the store, in one of its forms.

    Parameters
    ----------
    code : six digits of a province or prefecture

    Raises
    ------
    Problems : the place has no account of the year
    """
    from gep.reference.regions import read_regions
    from gep.reports.writing import make
    from gep.reports.yearbook import make_yearbook
    from gep.store.store import Store

    with Store(copy) as opened:
        return make(make_yearbook(opened, read_regions()[code], year, None, lang), Options(format, lang))


def make_order_file(copy: Path, code: str, year: int, format: str, lang: str) -> bytes:
    """Return the order of a place's counties by GEP and how sure it is, from a copy of the store, in one of its forms.

    Parameters
    ----------
    code : six digits of a province or prefecture

    Raises
    ------
    Problems : no county of the place has an account with a value
    """
    from gep.reports.statement_forms import write_statement
    from gep.statements.uncertainty import tell_rank_band
    from gep.store.store import Store
    from gep.tasks.uncertainty import DRAWS, SEED, find_rank_band

    with Store(copy) as opened:
        told = tell_rank_band(find_rank_band(opened, code, year, None, DRAWS // 10, SEED), lang)
    with TemporaryDirectory() as folder:
        target = Path(folder) / f"order.{format}"
        write_statement(told, target)
        return target.read_bytes()
