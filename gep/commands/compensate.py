"""gep compensate: a compensation scheme computed for a year, to the fen, shown, written and prepared for booking."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gep.commands.common import begin_storing, choose_format, print_json, refuse_usage, say_to_user, store_option
from gep.commands.issuing import Issuing, check_issued, issuing_options, take_issuing, write_issued
from gep.commands.language import get_language
from gep.units.money import format_yuan

if TYPE_CHECKING:
    from gep.compensation.band import Band
    from gep.store.store import Store
    from gep.tasks.compensate import Compensation


@click.command("compensate")
@click.argument("scheme", metavar="SCHEME")
@click.argument("year", type=int)
@click.option("--inputs", multiple=True, type=click.Path(path_type=Path), help="Tables of facts, or folders of them.")
@click.option(
    "--indicators",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Tables of figures of indicators, for a scheme that takes their scores.",
)
@click.option(
    "--what-if",
    "what_if",
    multiple=True,
    metavar="NAME=VALUE",
    help="Suppose a constant or input: NAME, NAME@PLACE or NAME@PLACE@PERIOD.",
)
@click.option(
    "--band", metavar="SHARE", help="With --what-if: range of each amount if the county's own GEP figure is off by SHARE (0.1)."
)
@click.option(
    "--through", default="", metavar="MONTH", help="An in-year run to the end of this month (2020-06) or quarter (2020Q2)."
)
@click.option("--county", default="", help="Show the step table of this party, by id, code or name.")
@click.option(
    "--post", is_flag=True, help="Prepare the result for booking; another person confirms it with gep transfers --confirm."
)
@click.option("--by", default="", metavar="NAME", help="With --post: who prepares it.")
@click.option("--reason", default="", help="Why an earlier run of the same scheme and year is replaced.")
@click.option("--despite", default="", help="Why it is booked although another scheme seems to have booked the same money.")
@click.option("--keep", is_flag=True, help="Keep a what-if run in the store, as a simulation.")
@choose_format("text", "json", "xlsx", "pdf")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File for xlsx and pdf.  [default: outputs/SCHEME-YEAR.*]")
@issuing_options
@store_option
def compensate_command(
    scheme: str,
    year: int,
    inputs: tuple[Path, ...],
    indicators: tuple[Path, ...],
    what_if: tuple[str, ...],
    band: str | None,
    through: str,
    county: str,
    *,
    post: bool,
    by: str,
    reason: str,
    despite: str,
    keep: bool,
    format: str,
    output: Path | None,
    store: str,
    **issued: Any,
) -> None:
    """Compute SCHEME (an id, a file, or a folder of versions) for YEAR and show every step; prepare it for booking with --post.

    The facts of a booked run are kept: without --inputs they are taken from the store. Versions that rule a part of the
    year each are computed one after the other, each for its days.
    """
    from gep.store.store import Store
    from gep.tasks.compensate import compensate, list_schemes_in_force

    if post or keep:
        begin_storing()
    if output is not None and format not in {"xlsx", "pdf"}:
        refuse_usage("-o FILE goes with --format xlsx or --format pdf")
    taken = take_issuing(issued)
    check_issued(taken)
    versions = list_schemes_in_force(scheme, year, through)
    asked = Request(
        year, inputs, indicators, what_if, band, through, county, post, by, reason, despite, keep, format, output, store, taken
    )
    several = len(versions) > 1
    opened = Store(store)
    found = [compensate(opened, one, year, inputs, what_if, through, indicators) for one in versions]
    written = [_write(opened, one, _number_outputs(asked, at) if several else asked) for at, one in enumerate(found, 1)]
    if (
        post
    ):  # before anything is printed, and all versions or none: a reader that stops reading, such as head, stops the program too
        _prepare(opened, found, asked)
    values = [_show(one, asked, *made) for one, made in zip(found, written, strict=True)]
    if format == "json":
        print_json(values[0] if len(values) == 1 else values)


@dataclass(frozen=True)
class Request:
    """What was asked of `gep compensate`, as its options say it."""

    year: int
    inputs: tuple[Path, ...]
    indicators: tuple[Path, ...]
    what_if: tuple[str, ...]
    band: str | None
    through: str
    county: str
    post: bool
    by: str
    reason: str
    despite: str
    keep: bool
    format: str
    output: Path | None
    store: str
    issued: Issuing


def _prepare(store: Store, found: list[Compensation], asked: Request) -> None:
    """Prepare what was computed for booking, and say so."""
    from gep.tasks.two_people import prepare_bookings

    prepared, left = prepare_bookings(store, found, asked.by, asked.reason, asked.despite)
    for empty in left:
        say_to_user("left out: {found}", found=empty.found, err=True)
    for made in prepared:
        say_to_user(
            "prepared as number {number}: {postings} postings, {amount} yuan together; another person confirms it: gep transfers --confirm {number} --by NAME",
            number=made.number,
            postings=made.postings,
            amount=format_yuan(made.amount),
            err=True,
        )


def _number_outputs(asked: Request, version: int) -> Request:
    """Return a request whose files are those of one of several versions: the next one's would take their place."""

    def name(file: Path | None) -> Path | None:
        return file.with_stem(f"{file.stem}-{version}") if file else None

    issued = replace(asked.issued, official=name(asked.issued.official), notices=name(asked.issued.notices))
    return replace(asked, output=name(asked.output), issued=issued)


def _write(opened: Store, found: Compensation, asked: Request) -> tuple[str, Band | None, Path]:
    """Write the papers of one computed version; return the party to show, the range of a what-if run, and the file."""
    from gep.compensation.run_rows import end_of
    from gep.tasks.compensate import estimate_band, find_party, keep_simulation

    base, supposed, result = found.base, found.simulated, found.result
    party = find_party(result, asked.county) if asked.county else ""
    spread = estimate_band(opened, found, asked.band, party) if asked.band is not None else None
    version = f"-{result.ready.scheme.version}" if not result.span.is_whole else ""
    target = asked.output or Path("outputs") / f"{result.ready.scheme.id}-{asked.year}{version}.{asked.format}"
    if asked.format == "pdf":
        from gep.reports.payment_notice import write_notice

        write_notice(result, target, opened.head() if opened.exists else None)
    elif asked.format == "xlsx":
        from gep.reports.forms.transfer_workbook import write_sheet

        write_sheet(result, target)
    if asked.issued.official is not None or asked.issued.notices is not None:
        from gep.tasks.issue import find_booking

        code = end_of(result, party) if party else ""
        write_issued(result, asked.issued, find_booking(opened, result), code)
    if asked.keep and supposed is not None:
        say_to_user("kept as simulation {number}", number=keep_simulation(opened, base, supposed, spread), err=True)
    return party, spread, target


def _show(found: Compensation, asked: Request, party: str, spread: Band | None, target: Path) -> dict[str, Any]:
    """Print one computed version, and return its values for JSON."""
    from gep.terminal.scheme_result import make_result_values, print_result, print_simulation

    base, supposed, result = found.base, found.simulated, found.result
    if asked.format in {"xlsx", "pdf"}:
        click.echo(f"{target}")
    elif asked.format == "json":
        return make_result_values(result, party, spread)
    else:
        for text in print_result(result, party, get_language()):
            click.echo(text)
        if supposed is not None:
            click.echo("")
            for text in print_simulation(base, supposed, spread, party, get_language()):
                click.echo(text)
    return {}
