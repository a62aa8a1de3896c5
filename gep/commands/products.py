"""gep products: the catalogue of ecological products, and series that are watched."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from gep.commands.common import (
    YEAR,
    begin_storing,
    format_option,
    paper_option,
    print_found,
    refuse_usage,
    store_option,
    tell_statement,
)
from gep.commands.language import get_language
from gep.messages.texts import translate

if TYPE_CHECKING:
    from datetime import datetime

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
day_option = click.option(
    "--on", "day", type=click.DateTime(formats=["%Y-%m-%d"]), required=True, help="The day on which it is asked."
)
correct_option = click.option("--correct", default="", help="Why figures differ from those kept; both stay, the newer holds.")
thresholds_option = click.option("--thresholds", type=FILE, required=True, help="Thresholds, as YAML.")


@click.group()
def products() -> None:
    """The catalogue of ecological products, and series watched by thresholds."""


@products.command("form")
@click.argument("county")
@click.argument("year", type=YEAR)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True, help="Workbook to write.")
def form(county: str, year: int, output: Path) -> None:
    """Write the survey form of the catalogue as a workbook."""
    from gep.tasks.products import make_form

    make_form(county, year, output)
    click.echo(str(output))


@products.command("catalogue")
@click.argument("forms", nargs=-1, type=FILE)
@click.option("--county", help="Whose catalogue it is; without forms: whose is shown from the store.")
@click.option("--year", type=int, help="Of which year.")
@click.option("--keep", is_flag=True, help="Enter it in the store as the newest edition.")
@click.option("--by", default="", help="Who enters it.")
@store_option
@paper_option
@format_option
def catalogue(
    forms: tuple[Path, ...],
    county: str | None,
    year: int | None,
    *,
    keep: bool,
    by: str,
    store: str,
    format: str,
    report: Path | None,
) -> None:
    """Read survey forms: what, where, how much, how good, when, who answers, by what evidence."""
    from gep.statements.products import tell_catalogue
    from gep.store.store import Store
    from gep.tasks.products import find_catalogue, find_kept_products, keep_products

    lang = get_language()
    if (keep or not forms) and (county is None or year is None):
        refuse_usage("--county and --year are missing: they say whose catalogue it is")
    if not forms and keep:
        refuse_usage("--keep is of forms, and there are none")
    entered = ""
    if not forms:
        edition, who, found = find_kept_products(Store(store), county or "", year or 0)
        entered = translate(lang, "edition {edition}, entered by {who}", edition=edition, who=who)
    elif keep:
        begin_storing()
        edition, found = keep_products(Path(store), county or "", year or 0, forms, by)
        entered = translate(lang, "edition {edition}, entered by {who}", edition=edition, who=by)
    else:
        found = find_catalogue(forms)
    tell_statement([one.as_dict() for one in found], tell_catalogue(found, lang, entered), format, report)


@products.command("series")
@click.argument("series", nargs=-1, type=FILE)
@click.option("--county", required=True, help="Whose series they are.")
@click.option("--keep", is_flag=True, help="Enter the reports in the store, each once.")
@correct_option
@click.option("--by", default="", help="Who enters them.")
@store_option
@paper_option
@format_option
def series(
    series: tuple[Path, ...], county: str, *, keep: bool, correct: str, by: str, store: str, format: str, report: Path | None
) -> None:
    """Keep monitored series in the store by month or day, or show those that are kept."""
    from gep.statements.products import tell_series
    from gep.store.store import Store
    from gep.tasks.series import find_kept_series, keep_series

    lang = get_language()
    if keep != bool(series):
        refuse_usage("tables of series go with --keep; without either the series in the store are shown")
    entered = ""
    if keep:
        begin_storing()
        new, found = keep_series(Path(store), county, series, by, correct)
        entered = translate(lang, "{count} new reports entered in the store", count=new)
    else:
        found = find_kept_series(Store(store), county, "--county")
    tell_statement([one.as_dict() for one in found], tell_series(found, lang, entered), format, report)


@products.command("watch")
@click.argument("series", nargs=-1, type=FILE)
@thresholds_option
@day_option
@click.option("--log", type=click.Path(path_type=Path, dir_okay=False), help="Table of alerts that somebody has seen.")
@click.option("--keep", is_flag=True, help="Enter series and alerts in the store, where the work list shows them.")
@click.option("--county", help="Whose series they are; without tables: whose series in the store are watched.")
@correct_option
@click.option("--by", default="", help="Who enters them.")
@store_option
@paper_option
@format_option
def watch(
    series: tuple[Path, ...],
    thresholds: Path,
    day: datetime,
    log: Path | None,
    county: str | None,
    *,
    keep: bool,
    correct: str,
    by: str,
    store: str,
    format: str,
    report: Path | None,
) -> None:
    """Hold thresholds against monitored series as they were known on a day."""
    from gep.statements.products import tell_watch
    from gep.statements.statement import Teller
    from gep.store.store import Store
    from gep.tasks.products import find_kept_watch, find_watch, keep_watch

    lang = get_language()
    kept = keep or not series
    if kept and county is None:
        refuse_usage("--county is missing: it says whose series they are")
    if kept and log is not None:
        refuse_usage("--log is of tables that are not kept; in the store gep products seen notes who has seen an alert")
    if kept:
        found = find_kept_watch(Store(store), county or "", series, thresholds, day.date(), correct=bool(correct.strip()))
    else:
        found = find_watch(series, thresholds, day.date(), log)
    entered = ""
    if keep:
        begin_storing()
        reports, new = keep_watch(Path(store), county or "", found, by, correct)
        entered = Teller(lang).semicolon.join(
            (
                translate(lang, "{count} new reports entered in the store", count=reports),
                translate(lang, "{count} new alerts entered in the store", count=new),
            )
        )
    tell_statement(found.as_dict(), tell_watch(found, lang, entered), format, report)


@products.command("alerts")
@click.argument("county", required=False)
@click.option("--year", type=int, help="Only alerts on periods of this year.")
@store_option
@paper_option
@format_option
def alerts(county: str | None, year: int | None, store: str, format: str, report: Path | None) -> None:
    """List the alerts in the store, what nobody has seen first."""
    from dataclasses import asdict

    from gep.statements.products import tell_alerts
    from gep.store.store import Store
    from gep.tasks.products import find_alerts

    found = find_alerts(Store(store), county or "", year)
    tell_statement([asdict(one) for one in found], tell_alerts(found, get_language()), format, report)


@products.command("seen")
@click.argument("alert")
@click.option("--by", required=True, help="Who has seen it.")
@click.option("--note", required=True, help="What is done about it.")
@store_option
@format_option
def seen(alert: str, by: str, note: str, store: str, format: str) -> None:
    """Note in the store who has seen an alert and what is done about it."""
    from dataclasses import asdict

    from gep.statements.products import tell_alerts
    from gep.store.products import see_alert

    begin_storing()
    made = see_alert(Path(store), alert, by, note)
    tell_statement(asdict(made), tell_alerts([made], get_language()), format, None)


@products.command("acknowledge")
@click.argument("alert")
@click.argument("series", nargs=-1, required=True, type=FILE)
@thresholds_option
@day_option
@click.option("--by", required=True, help="Who has seen it.")
@click.option("--note", required=True, help="What is done about it.")
@click.option(
    "--log", type=click.Path(path_type=Path, dir_okay=False), required=True, help="Table of alerts that somebody has seen."
)
@format_option
def acknowledge(
    alert: str, series: tuple[Path, ...], thresholds: Path, day: datetime, by: str, note: str, log: Path, format: str
) -> None:
    """Note who has seen an alert and what is done about it."""
    from dataclasses import asdict

    from gep.tasks.products import acknowledge as note_seen
    from gep.tasks.products import find_watch

    found = find_watch(series, thresholds, day.date(), log)
    made = note_seen(found, alert, by, note, log)
    text = translate(get_language(), "seen by {by} on {day}: {note}", by=made.by, day=made.day, note=made.note)
    print_found(asdict(made), [f"{made.alert}  {text}"], format)
