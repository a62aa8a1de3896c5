"""A province or city: map and ranking, matrix of counties and years, roll-up; its yearbook and reports as jobs."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from starlette.responses import FileResponse, Response

from gep.messages.problems import refuse_one
from gep.messages.texts import Name, say
from gep.office.province import draw_map, make_reports, make_yearbook_file
from gep.office.rights import Action
from gep.reference.regions import read_regions
from gep.reference.services import SERVICE_TITLES
from gep.regional.coverage import find_prefix
from gep.regional.matrix import make_matrix
from gep.regional.ranking import FIGURES, rank_counties
from gep.regional.rollup import roll_up
from gep.store.newest import list_years
from gep.web.pages.review import read_number
from gep.web.render import go, show
from gep.web.route import Route

if TYPE_CHECKING:
    from pathlib import Path

    from gep.reference.regions import Region
    from gep.regional.matrix import Matrix
    from gep.regional.ranking import Ranking
    from gep.regional.rollup import RollUp
    from gep.store.store import Store
    from gep.web.ask import Ask
    from gep.web.jobs import Job

PAGE = 100
"""Counties on a page."""
FORMS = ("pdf", "docx", "xlsx")
YEARBOOK = "yearbook"


def _choose(ask: Ask) -> Response:
    """Lead to the page of the person's own place, or show the places there are."""
    own = ask.who.place
    if own and read_regions()[own].level != "county":
        return go(ask, f"/province/{own}")
    places = [] if own else [one for one in read_regions().values() if one.level == "province"]
    return show(ask, "provinces.html", places=places)


def need_wider(ask: Ask) -> Region:
    """Return the place of the path, which is none of the counties.

    Raises
    ------
    Problems : it is a county, or no place at all
    """
    place = ask.place
    if place.level == "county":
        refuse_one("PLACE", say("{code} is a county", code=place.code), "a prefecture or a province")
    return place


def _show_province(ask: Ask) -> Response:
    place = need_wider(ask)
    store = ask.store()
    by = ask.query.get("by", "gep_per_km2")
    years = store.remember("years", lambda: _list_years(store))
    year = read_number(ask, "year") or (years[0] if years else 0)
    if year not in years:
        return show(ask, "province.html", place=place, years=years, year=None)
    ranking, matrix, summed, link = store.remember((place.code, year, by), lambda: _look(store, place, year, by))
    search = ask.query.get("search", "").strip().lower()
    rows = [one for one in ranking.counties if search in one.county or search in one.name_zh or search in one.name_en.lower()]
    found = [one for one in matrix.rows if search in one.county or search in one.name_zh or search in one.name_en.lower()]
    pages = max(1, -(-max(len(rows), len(found)) // PAGE))
    page = min(max(read_number(ask, "page") or 1, 1), pages)
    part = slice((page - 1) * PAGE, page * PAGE)
    return show(
        ask,
        "province.html",
        place=place,
        years=years,
        year=year,
        ranking=ranking,
        rows=rows[part],
        matrix=matrix,
        matrix_rows=found[part],
        summed=summed,
        by=by,
        figures=FIGURES,
        titles=SERVICE_TITLES,
        search=ask.query.get("search", ""),
        page=page,
        pages=pages,
        map_url=f"/province/{place.code}/{year}/map.svg?v={link}&lang={ask.lang}",
        forms=FORMS,
    )


def _list_years(store: Store) -> list[int]:
    with store:
        return list_years(store)[::-1]


def _look(store: Store, place: Region, year: int, by: str) -> tuple[Ranking, Matrix, RollUp, int]:
    """Return ranking, years and sums of a place, and where the chain of the store was at that time."""
    with store:
        ranking = rank_counties(store, place, year, None, by)
        matrix = make_matrix(store, place, ranking.standard)
        return ranking, matrix, roll_up(store, place, year, ranking.standard, ()), store.head().link


def _show_map(ask: Ask) -> Response:
    place = need_wider(ask)
    store = ask.store()
    with store:
        link = store.head().link

    def draw() -> str:
        with store:
            ranking = rank_counties(store, place, ask.year, None, "gep_per_km2")
        figure = draw_map(ranking, ask.lang)
        return "" if figure is None else figure.svg

    svg = ask.site.kept.find((link, place.code, ask.year, "map", ask.lang), draw)
    if not svg:
        refuse_one("MAP", "there are no numbers for this chart", "", "the tables of the result say what is missing")
    return Response(svg, media_type="image/svg+xml", headers={"Cache-Control": "private, max-age=31536000, immutable"})


def _start(ask: Ask) -> Response:
    """Start the reports of all counties of a place and year, or its yearbook, as a job."""
    place = need_wider(ask)
    year, form = ask.form.get("year", ""), ask.form.get("form", "")
    what = ask.form.get("what", "")
    if form not in FORMS or not (year.isascii() and year.isdecimal()) or (what == YEARBOOK and form == "docx"):
        refuse_one("FORM", say("there is no download {name!r}", name=form), ", ".join(FORMS))
    name = Name(place.name_en, place.name_zh)
    if what == YEARBOOK:
        title = say("yearbook of {place} {year}", place=name, year=year)
        work = partial(_make_yearbook, ask, place, int(year), form)
    else:
        title = say("reports of {place} {year} ({form})", place=name, year=year, form=form)
        work = partial(_make_reports, ask, place, int(year), form)
    job = ask.site.jobs.add(title, ask.who.name, work)
    return go(ask, f"/jobs/{job.id}")


def _make_reports(ask: Ask, place: Region, year: int, form: str, job: Job) -> Path:
    copy = ask.site.workshop.copy(ask.site.keeper)
    return make_reports(copy, place, find_prefix(place), year, form, ask.lang, job.tell)


def _make_yearbook(ask: Ask, place: Region, year: int, form: str, job: Job) -> Path:
    workshop = ask.site.workshop
    job.tell("", 0, 1)
    copy = workshop.copy(ask.site.keeper)
    content = workshop.make(make_yearbook_file, copy, place.code, year, form, ask.lang)
    target = copy.parent / f"{place.code}-{year}-yearbook-{ask.lang}.{form}"
    target.write_bytes(content)
    job.tell("", 1, 1)
    return target


def _list_jobs(ask: Ask) -> Response:
    return show(ask, "jobs.html", jobs=[one for one in ask.site.jobs.list_all() if one.person == ask.who.name])


def need_job(ask: Ask) -> Job:
    """Return the job of the path, of the person who asks.

    Raises
    ------
    Problems : there is none of that number, or it is somebody else's
    """
    job = ask.site.jobs.find(ask.path["job"])
    if job is None or job.person != ask.who.name:
        refuse_one("JOB", "there is no such job", "", "jobs end with the server; start it again, what is made is kept")
    return job


def _show_job(ask: Ask) -> Response:
    job = need_job(ask)
    if ask.query.get("as") == "json":
        return ask.give({"state": job.state, "said": job.said, "done": job.done, "total": job.total})
    problems = getattr(job.result, "problems", ()) if job.state == "failed" else ()
    return show(ask, "job.html", job=job, problems=problems)


def _stop_job(ask: Ask) -> Response:
    job = need_job(ask)
    job.stop()
    return go(ask, f"/jobs/{job.id}", "the job is asked to stop")


def _take_job(ask: Ask) -> Response:
    job = need_job(ask)
    if job.state != "done":
        refuse_one("JOB", "the job is not done", "", "wait until it is")
    path: Path = job.result  # type: ignore[assignment]
    if not path.exists():
        refuse_one("JOB", "the file is gone", "", "start it again")
    return FileResponse(path, filename=path.name)


ROUTES = (
    Route("/province", _choose, Action.READ),
    Route("/province/{county:code}", _show_province, Action.READ),
    Route("/province/{county:code}/{year:year}/map.svg", _show_map, Action.READ),
    Route("/province/{county:code}/reports", _start, Action.READ, "POST"),
    Route("/jobs", _list_jobs, Action.READ),
    Route("/jobs/{job}", _show_job, Action.READ),
    Route("/jobs/{job}/stop", _stop_job, Action.READ, "POST"),
    Route("/jobs/{job}/file", _take_job, Action.READ),
)
