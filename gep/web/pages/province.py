"""A province or city: map and ranking, matrix of counties and years, roll-up; its yearbook and reports as jobs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from starlette.responses import FileResponse, Response

from gep.messages.problems import refuse_one
from gep.messages.texts import Name, say
from gep.office.jobs import DONE, find_job, list_jobs
from gep.office.province import draw_map, list_points, make_order_file, make_reports, make_yearbook_file
from gep.office.rights import Action
from gep.reference.regions import read_regions
from gep.reference.services import SERVICE_TITLES
from gep.regional.coverage import find_prefix
from gep.regional.matrix import make_matrix
from gep.regional.ranking import FIGURES, rank_counties
from gep.regional.rollup import roll_up
from gep.store.newest import list_years
from gep.web.jobs import Kind, is_open
from gep.web.pages.review import read_number
from gep.web.render import go, show
from gep.web.route import Route

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gep.messages.texts import Text
    from gep.office.jobs import Job
    from gep.office.workshop import Workshop
    from gep.reference.regions import Region
    from gep.regional.matrix import Matrix
    from gep.regional.ranking import Ranking
    from gep.regional.rollup import RollUp
    from gep.store.keeper import Keeper
    from gep.store.store import Store
    from gep.web.ask import Ask

    Tell = Callable[[str, int, int], None]
    Make = Callable[[Path, str, int, str, str], bytes]

PAGE = 100
"""Counties on a page."""
FORMS = ("pdf", "docx", "xlsx")
REPORTS, YEARBOOK, ORDER = "reports", "yearbook", "order"


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
        map_url=f"/province/{place.code}/{year}/map.svg?v={link}&lang={ask.lang}" if list_points(ranking) else "",
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
    kind = what if what in {YEARBOOK, ORDER} else REPORTS
    given = {"place": place.code, "year": year, "form": form}
    job = ask.site.jobs.add(kind, given, ask.lang, ask.who.name, ask.address)
    return go(ask, f"/jobs/{job.id}")


def make_kinds(keeper: Keeper, workshop: Workshop) -> dict[str, Kind]:
    """Return the jobs of this page; what they make lies in a folder beside the store."""
    folder = keeper.path.with_name(f"{keeper.path.stem}.jobs")

    def make_all(given: Mapping[str, str], lang: str, tell: Tell) -> Path:
        place = read_regions()[given["place"]]
        copy = workshop.copy(keeper)
        return make_reports(copy, folder, place, find_prefix(place), int(given["year"]), given["form"], lang, tell)

    def make_one(kind: str, make: Make) -> Callable[[Mapping[str, str], str, Tell], Path]:
        def work(given: Mapping[str, str], lang: str, tell: Tell) -> Path:
            code, year, form = given["place"], given["year"], given["form"]
            tell("", 0, 1)
            content = workshop.make(make, workshop.copy(keeper), code, int(year), form, lang)
            folder.mkdir(mode=0o700, exist_ok=True)
            target = folder / f"{code}-{year}-{kind}-{lang}.{form}"
            target.write_bytes(content)
            tell("", 1, 1)
            return target

        return work

    return {
        REPORTS: Kind(_name_reports, make_all),
        YEARBOOK: Kind(_name_yearbook, make_one(YEARBOOK, make_yearbook_file)),
        ORDER: Kind(_name_order, make_one(ORDER, make_order_file)),
    }


def _name_reports(given: Mapping[str, str]) -> Text:
    return say("reports of {place} {year} ({form})", place=_name(given), year=given["year"], form=given["form"])


def _name_yearbook(given: Mapping[str, str]) -> Text:
    return say("yearbook of {place} {year}", place=_name(given), year=given["year"])


def _name_order(given: Mapping[str, str]) -> Text:
    return say("order of the counties of {place} {year}, and how sure it is", place=_name(given), year=given["year"])


def _name(given: Mapping[str, str]) -> Name:
    place = read_regions()[given["place"]]
    return Name(place.name_en, place.name_zh)


def _list_jobs(ask: Ask) -> Response:
    jobs = ask.site.jobs
    return show(ask, "jobs.html", jobs=[(one, jobs.title(one)) for one in list_jobs(ask.office, ask.who.name)])


def need_job(ask: Ask) -> Job:
    """Return the job of the path, of the person who asks.

    Raises
    ------
    Problems : there is none of that number, or it is somebody else's
    """
    job = find_job(ask.office, ask.path["job"])
    if job is None or job.person != ask.who.name:
        refuse_one("JOB", "there is no such job", "", "the list of your jobs has those there are")
    return job


def _show_job(ask: Ask) -> Response:
    job = need_job(ask)
    if ask.query.get("as") == "json":
        return ask.give({"state": job.state, "said": job.said, "done": job.done, "total": job.total})
    return show(ask, "job.html", job=job, title_of_job=ask.site.jobs.title(job), runs=is_open(job))


def _stop_job(ask: Ask) -> Response:
    job = need_job(ask)
    if is_open(job):
        ask.site.jobs.stop(job, ask.who.name, ask.address)
    return go(ask, f"/jobs/{job.id}", "the job is asked to stop")


def _start_job_again(ask: Ask) -> Response:
    job = need_job(ask)
    if not is_open(job):
        ask.site.jobs.again(job, ask.who.name, ask.address)
    return go(ask, f"/jobs/{job.id}")


def _take_job(ask: Ask) -> Response:
    job = need_job(ask)
    if job.state != DONE:
        refuse_one("JOB", "the job is not done", "", "wait until it is")
    path = Path(job.result)
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
    Route("/jobs/{job}/again", _start_job_again, Action.READ, "POST"),
    Route("/jobs/{job}/file", _take_job, Action.READ),
)
