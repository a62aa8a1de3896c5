"""gep report."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gep.commands.common import YEAR, refuse_usage, say_to_user, store_option, stored_standard_option
from gep.commands.language import get_language
from gep.commands.uncertainty import FILE, Drawing, known_options

if TYPE_CHECKING:
    from gep.assets.condition import Condition
    from gep.reports.bands import Bands
    from gep.reports.briefing import Briefing
    from gep.reports.many import Done
    from gep.reports.writing import Options
    from gep.store.keys import AccountKey
    from gep.store.store import Store

KINDS = ["congress", "province", "basin", "redline", "reserves", "key_counties", "term", "assessment"]
FORMS = ["pdf", "html", "docx", "xlsx", "json", "seea"]
VARIANTS = ["pdf", "pdf/ua-1", "pdf/a-2u", "pdf/a-3u", "pdf/a-2a", "pdf/a-3a"]


@click.command()
@click.argument("county", required=False)
@click.argument("year", type=YEAR, required=False)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="File, or with --all the folder.  [default: outputs/COUNTY-YEAR.pdf]"
)
@click.option("--format", "format", type=click.Choice(FORMS), help="Form; else the ending of the file says it.  [default: pdf]")
@click.option("--all", "every", type=YEAR, metavar="YEAR", help="The reports of all counties of a year.")
@click.option("--jobs", type=click.IntRange(1), help="Processes for --all.  [default: one a core]")
@click.option("--resume", is_flag=True, help="With --all: only what is missing or stale.")
@click.option(
    "--templates",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of templates, texts, styles and a logo of your own.",
)
@click.option("--pdf-variant", type=click.Choice(VARIANTS), default="pdf", show_default=True, help="Profile of the PDF.")
@click.option("--kind", type=click.Choice(KINDS), help="A report for those who decide, instead of the county's.")
@click.option(
    "--texts",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What the office writes for it: a file with author and texts (docs/briefings.md).",
)
@click.option("--since", type=YEAR, metavar="YEAR", help="The opening year of such a report.  [default: the one before]")
@click.option(
    "--indicators",
    "figures",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="Figures of indicators, for targets and scores.",
)
@click.option(
    "--set",
    "set_name",
    default="ganzhou-2035",
    show_default=True,
    metavar="ID|FILE",
    help="A shipped set, or a file of your own.",
)
@click.option("--quality", type=FILE, help="LAI, FVC and GPP of types with their references: the index of HJ 1172.")
@click.option("--water", type=FILE, help="Grades of water sections.")
@click.option("--condition", type=FILE, help="Indicators of your own with poorest and reference level.")
@click.option("--bands", "drawn", is_flag=True, help="Also how far the values may be off, as gep uncertainty finds it.")
@known_options
@stored_standard_option
@store_option
def report(
    county: str | None,
    year: int | None,
    output: Path | None,
    format: str | None,
    every: int | None,
    jobs: int | None,
    resume: bool,  # noqa: FBT001 - a flag of the command line
    templates: Path | None,
    pdf_variant: str,
    kind: str | None,
    texts: Path | None,
    since: int | None,
    figures: tuple[Path, ...],
    set_name: str,
    quality: Path | None,
    water: Path | None,
    condition: Path | None,
    drawn: bool,  # noqa: FBT001 - a flag of the command line
    drawing: Drawing,
    standard: str | None,
    store: str,
) -> None:
    """Write the report of a county and year, or of all counties.

    COUNTY may be a province or prefecture (360000): its yearbook.
    """
    from gep.reports.briefing import Briefing
    from gep.reports.writing import Options, format_of

    folder = templates.resolve() if templates else None
    if kind is None and (texts or since or figures):
        refuse_usage("--texts, --since and --indicators are of a report of a --kind.")
    if kind is None and (quality or water or condition):
        refuse_usage("--quality, --water and --condition are of a report of a --kind.")
    if any(drawing.known) and not drawn:
        refuse_usage("What is known of uncertainty is of a report with --bands.")
    if drawn and every is not None:
        refuse_usage("--bands is of one county and year.")
    if kind is not None and every is not None:
        refuse_usage("--kind is of one county and year.")
    if every is not None:
        if county is not None:
            refuse_usage("--all YEAR stands instead of COUNTY and YEAR.")
        form = format or "pdf"
        target = output or Path("outputs") / f"reports-{every}"
        _all(
            Path(store),
            every,
            standard,
            target,
            Options(form, get_language(), folder, pdf_variant),
            jobs or _cores(),
            resume=resume,
        )
        return
    if county is None or year is None:
        refuse_usage("COUNTY and YEAR are missing, or --all YEAR.")
    form = format_of(output, format) if output is not None else format or "pdf"
    if kind is not None:
        options = Options(form, get_language(), folder, pdf_variant)
        asked = Briefing(kind, texts, since, figures, set_name)
        _brief(
            Path(store), county, year, standard, output, options, asked, (quality, water, condition), drawing if drawn else None
        )
        return
    options = Options(form, get_language(), folder, pdf_variant)
    _one(Path(store), county, year, standard, output, options, drawing if drawn else None)


def _draw(store: Store, key: AccountKey, since: int | None, drawn: Drawing | None) -> Bands | None:
    """Return how sure an account is, and its change from a year or the last before; None where nobody asked."""
    if drawn is None:
        return None
    from gep.reports.bands import Bands
    from gep.tasks.find import find_account
    from gep.tasks.uncertainty import find_change_band, find_uncertainty

    draws, seed, files = drawn.draws, drawn.seed, drawn.files
    found = find_uncertainty(store, key, draws, seed, files, variance=True)
    before = _list_before(store, key, since)
    if not before:
        return Bands(found)
    earlier = find_account(store, key.county, before[-1], key.standard)
    return Bands(found, find_change_band(store, (earlier, key), draws, seed, files))


def _one(
    store: Path, county: str, year: int, standard: str | None, output: Path | None, options: Options, drawn: Drawing | None
) -> None:
    from gep.reports.writing import FORMATS, make, write, write_report
    from gep.reports.yearbook import is_area, make_yearbook
    from gep.store.store import Store
    from gep.tasks.find import find_account, resolve_standard

    area = is_area(county)
    with Store(store) as opened:
        if area is not None and drawn is not None:
            refuse_usage("--bands is of one county and year.")
        if area is not None:
            target = output or Path("outputs") / f"{area.code}-{year}{FORMATS[options.format]}"
            write(
                make(
                    make_yearbook(opened, area, year, resolve_standard(opened, standard), options.lang, options.templates),
                    options,
                ),
                target,
            )
            click.echo(str(target))
            return
        place = find_account(opened, county, year, standard)
        target = output or Path("outputs") / f"{place.county}-{place.year}{FORMATS[options.format]}"
        write_report(opened, place, target, options.lang, options, _draw(opened, place, None, drawn))
    click.echo(str(target))


def _brief(
    store: Path,
    county: str,
    year: int,
    standard: str | None,
    output: Path | None,
    options: Options,
    asked: Briefing,
    state: tuple[Path | None, Path | None, Path | None],
    drawn: Drawing | None,
) -> None:
    """Write a report for those who decide; `state`: tables of quality, water and indicators of ecosystems."""
    from gep.reports.briefing import make_briefing
    from gep.reports.writing import FORMATS, make, write
    from gep.store.store import Store
    from gep.tasks.find import find_account

    with Store(store) as opened:
        key = find_account(opened, county, year, standard)
        if any(state):
            asked = replace(asked, condition=_find_state(opened, key, asked.since, state))
        report = make_briefing(opened, key, asked, options.lang, options.templates, _draw(opened, key, asked.since, drawn))
    target = output or Path("outputs") / f"{key.county}-{key.year}-{asked.kind}{FORMATS[options.format]}"
    write(make(report, options), target)
    click.echo(str(target))


def _find_state(
    store: Store, key: AccountKey, since: int | None, tables: tuple[Path | None, Path | None, Path | None]
) -> Condition:
    """Return the condition of ecosystems between the opening year of a report, if one is stored, and its own."""
    from gep.tasks.asset_accounts import find_condition, find_stored_condition
    from gep.tasks.find import find_account

    before = _list_before(store, key, since)
    if not before:
        return find_condition(*tables)
    return find_stored_condition(store, (find_account(store, key.county, before[-1], key.standard), key), *tables)


def _list_before(store: Store, key: AccountKey, since: int | None) -> list[int]:
    """Return the stored years that may be the opening of a report: all before, or the one that is asked for."""
    from gep.store.newest import list_heads_of_years

    return [one.year for one in list_heads_of_years(store, key) if one.year < key.year and since in {None, one.year}]


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _all(store: Path, year: int, standard: str | None, folder: Path, options: Options, jobs: int, *, resume: bool) -> None:
    """Make all reports of a year with a progress bar; failures are listed at the end and the exit code is 2."""
    from gep.reports.many import make_many, plan
    from gep.store.store import Store
    from gep.tasks.find import resolve_standard

    tasks = plan(store, year, resolve_standard(Store(store), standard), options)
    failed, made, skipped, memory = [], 0, 0, 0
    reports = make_many(store, tasks, folder, options, jobs=jobs, resume=resume)

    def shown(done: Done | None) -> str:
        return "" if done is None else done.task.name_zh if options.lang == "zh" else done.task.name_en

    with click.progressbar(reports, length=len(tasks), label=str(year), file=sys.stderr, item_show_func=shown) as bar:
        for done in bar:
            made += not done.skipped and not done.problem
            skipped += done.skipped
            memory = max(memory, done.memory)
            if done.problem:
                failed.append(done)
    from gep.messages.texts import say, say_in

    parts = [say("{made} reports made in {folder}", made=made, folder=folder)]
    parts += [say(", {count} were there unchanged", count=skipped)] if skipped else []
    parts += [say("; at most {memory:,.0f} MB a process", memory=memory / 1e6)] if memory else []
    click.echo("".join(say_in(part, get_language()) for part in parts))
    if failed:
        say_to_user("{count} failed:", count=len(failed), err=True)
        for done in sorted(failed, key=lambda one: one.task.county):
            click.echo(f"  {done.task.county} {shown(done)}: {done.problem}", err=True)
        click.get_current_context().exit(2)
