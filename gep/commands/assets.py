"""gep assets: what lies behind an account's yearly flows."""

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
    run_option,
    store_option,
    stored_standard_option,
    tell_statement,
)
from gep.commands.language import get_language
from gep.messages.texts import say

if TYPE_CHECKING:
    from datetime import datetime

    from gep.store.keys import AccountKey
    from gep.store.store import Store

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group()
def assets() -> None:
    """Assets behind the flows: extent, value, and what changed them."""


@assets.command("value")
@click.argument("county", required=False)
@click.argument("year", type=int, required=False)
@click.option("--valuation", type=FILE, required=True, help="Convention, rates, growth, author and basis, as YAML.")
@click.option("--service", "services", multiple=True, help="Only this service; may be repeated.")
@run_option
@stored_standard_option
@store_option
@paper_option
@format_option
def value(
    county: str | None,
    year: int | None,
    valuation: Path,
    services: tuple[str, ...],
    run: int | None,
    standard: str | None,
    store: str,
    format: str,
    report: Path | None,
) -> None:
    """Show the present value of an account's services, or of the rents a valuation states.

    Rates, horizon, timing and growth are the user's choice and are printed with the result.
    """
    from gep.statements.assets import tell_valued
    from gep.store.store import Store
    from gep.tasks.assets import value_assets
    from gep.tasks.find import find_account

    if county is not None and year is None:
        refuse_usage(say("a county stands without a year"))
    key = opened = None
    if county is not None and year is not None:
        opened = Store(store)
        with opened:
            key = find_account(opened, county, year, standard, run)
    found = value_assets(opened, key, valuation, services)
    tell_statement(found.as_dict(), tell_valued(found, get_language()), format, report)


@assets.command("extent")
@click.argument("county", required=False)
@click.argument("opening", type=int, required=False)
@click.argument("closing", type=int, required=False)
@click.option(
    "--transitions",
    "--matrix",
    type=FILE,
    help="Table of a transition matrix, as of gep transitions; docs/assets.md has its columns.",
)
@click.option("--zone", metavar="ID", help="Which zone of a matrix of several, where no county is named.")
@stored_standard_option
@store_option
@paper_option
@format_option
def extent(
    county: str | None,
    opening: int | None,
    closing: int | None,
    transitions: Path | None,
    zone: str | None,
    standard: str | None,
    store: str,
    format: str,
    report: Path | None,
) -> None:
    """Account areas: opening, additions and reductions, closing; it balances or is refused.

    Of two stored years, of a transition matrix, or of both, which then must agree.
    """
    from gep.statements.assets import tell_extent
    from gep.tasks.asset_accounts import find_extent

    opened, keys = _find_years(county, opening, closing, standard, store)
    found = find_extent(opened, keys, transitions, zone)
    tell_statement(found.as_dict(), tell_extent(found, get_language()), format, report)


@assets.command("condition")
@click.argument("county", required=False)
@click.argument("opening", type=int, required=False)
@click.argument("closing", type=int, required=False)
@click.option("--quality", type=FILE, help="LAI, FVC and GPP of types with their references: the index of HJ 1172.")
@click.option("--water", type=FILE, help="Grades of water sections.")
@click.option("--indicators", "own", type=FILE, help="Indicators of your own with poorest and reference level.")
@click.option("--areas", type=FILE, help="Areas of the types, by which they count in the index of the unit.")
@stored_standard_option
@store_option
@paper_option
@format_option
def condition(
    county: str | None,
    opening: int | None,
    closing: int | None,
    quality: Path | None,
    water: Path | None,
    own: Path | None,
    areas: Path | None,
    standard: str | None,
    store: str,
    format: str,
    report: Path | None,
) -> None:
    """Account the condition of ecosystems: opening, change, closing, against reference levels.

    With a county and two stored years, or a table of areas, also the index of the unit by area. docs/assets.md has the columns of the tables.
    """
    from gep.statements.assets import tell_condition
    from gep.tasks.asset_accounts import find_condition

    if quality is None and water is None and own is None:
        refuse_usage(say("none of --quality, --water and --indicators is given"))
    opened, keys = _find_years(county, opening, closing, standard, store)
    found = find_condition(quality, water, own, areas, keys, opened)
    tell_statement(found.as_dict(), tell_condition(found, get_language()), format, report)


@assets.command("table")
@click.argument("county")
@click.argument("opening", type=int)
@click.argument("closing", type=int)
@click.option("--valuation", type=FILE, required=True, help="Convention, rates, growth, author and basis, as YAML.")
@click.option("--closing-valuation", type=FILE, help="Another valuation at the closing; its effect is a line of its own.")
@stored_standard_option
@store_option
@paper_option
@format_option
def table(
    county: str,
    opening: int,
    closing: int,
    valuation: Path,
    closing_valuation: Path | None,
    standard: str | None,
    store: str,
    format: str,
    report: Path | None,
) -> None:
    """Account the value of assets between two years: enhancement, degradation, conversions, revaluation.

    Each line has its own cause (area, physical flow a hectare, price, rate), and they add up to the fen.
    """
    from gep.statements.assets import tell_asset_table
    from gep.tasks.asset_accounts import find_asset_table

    opened, keys = _find_years(county, opening, closing, standard, store)
    if opened is None or keys is None:
        raise AssertionError
    found = find_asset_table(opened, keys, valuation, closing_valuation)
    tell_statement(found.as_dict(), tell_asset_table(found, get_language()), format, report)


def _find_years(
    county: str | None, opening: int | None, closing: int | None, standard: str | None, store: str
) -> tuple[Store | None, tuple[AccountKey, AccountKey] | None]:
    """Return the store and the accounts of two years; nothing where no county is named."""
    from gep.store.store import Store
    from gep.tasks.find import find_account

    if county is None:
        return None, None
    if opening is None or closing is None:
        refuse_usage(say("a county stands without an opening and a closing year"))
    opened = Store(store)
    with opened:
        return opened, (find_account(opened, county, opening, standard), find_account(opened, county, closing, standard))


@assets.command("vep")
@click.argument("document", type=FILE)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Certificate to write, as JSON.")
@paper_option
@format_option
def vep(document: Path, output: Path | None, format: str, report: Path | None) -> None:
    """Compute the VEP of a project parcel: cash flow, present value, loan cover.

    Which of its two meanings stands in the document and on everything printed.
    """
    from gep.statements.parcels import tell_vep
    from gep.tasks.parcels import find_vep

    found = find_vep(document, output)
    tell_statement(found.as_dict(), tell_vep(found, get_language()), format, report)


@assets.command("verify")
@click.argument("certificate", type=FILE)
@paper_option
@format_option
def verify(certificate: Path, format: str, report: Path | None) -> None:
    """Compute a VEP certificate again from the document in it."""
    from gep.statements.parcels import tell_vep
    from gep.tasks.parcels import verify_vep

    found, sha256 = verify_vep(certificate)
    tell_statement({**found.as_dict(), "sha256": sha256}, tell_vep(found, get_language(), sha256), format, report)


@assets.command("register")
@click.argument("certificate", type=FILE)
@click.argument("kind", type=click.Choice(["sold", "pledged", "compensated"]))
@click.option("--from", "starts", type=DAY, required=True, help="First day it holds.")
@click.option("--to", "ends", type=DAY, help="Last day it holds.  [default: without end]")
@click.option("--party", required=True, help="Buyer, lender or who compensates.")
@click.option("--document", "paper", required=True, help="Contract, certificate or notice.")
@store_option
@format_option
def register(
    certificate: Path, kind: str, starts: datetime, ends: datetime | None, party: str, paper: str, store: str, format: str
) -> None:
    """Enter the parcel of a VEP certificate in the register, with the certificate's hash."""
    from gep.messages.texts import say_in
    from gep.tasks.parcels import register_vep

    begin_storing()
    period = starts.date(), ends.date() if ends else None
    found, entry = register_vep(Path(store), certificate, kind, period, party, paper)
    lines = [f"{say_in(entry.subject.name, get_language())}: {say_in(entry.told, get_language())}", entry.note]
    print_found({"meaning": found.meaning, "vep_fen": found.vep_fen, "entry": entry.number, "note": entry.note}, lines, format)


@assets.command("quota")
@click.argument("plots", type=FILE)
@click.option("--sales", type=FILE, help="Table of sales to enter in the register, all or none.")
@store_option
@paper_option
@format_option
def quota(plots: Path, sales: Path | None, store: str, format: str, report: Path | None) -> None:
    """Show the ledger of restored plots, and enter their sales; a plot is sold once only."""
    from gep.statements.parcels import tell_ledger
    from gep.store.store import Store
    from gep.tasks.parcels import find_ledger, sell_plots

    if sales is None:
        found = find_ledger(Store(store), plots)
    else:
        begin_storing()
        found = sell_plots(Store(store), plots, sales)
    tell_statement(found.as_dict(), tell_ledger(found, get_language()), format, report)


@assets.command("lots")
@click.argument("county")
@click.argument("year", type=YEAR)
@click.option("--service", "services", multiple=True, help="Only this service; may be repeated.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="File for a platform, as JSON.")
@stored_standard_option
@store_option
@paper_option
@format_option
def lots(
    county: str,
    year: int,
    services: tuple[str, ...],
    output: Path | None,
    standard: str | None,
    store: str,
    format: str,
    report: Path | None,
) -> None:
    """Offer the quantities of an approved account to a trading platform, with hashes and what is held."""
    from gep.statements.parcels import tell_lots
    from gep.store.store import Store
    from gep.tasks.find import find_account
    from gep.tasks.parcels import find_lots

    opened = Store(store)
    with opened:
        key = find_account(opened, county, year, standard)
    found = find_lots(opened, key, services, output)
    tell_statement([one.as_dict() for one in found], tell_lots(found, get_language()), format, report)


@assets.command("sales")
@click.argument("sales", type=FILE)
@click.option("--lots", "offered", type=FILE, required=True, help="The file that gep assets lots wrote.")
@store_option
@format_option
def enter(sales: Path, offered: Path, store: str, format: str) -> None:
    """Enter a platform's sales in the register, all or none; more than is left is refused."""
    from gep.messages.texts import say_in
    from gep.tasks.parcels import enter_sales

    begin_storing()
    found = enter_sales(Path(store), offered, sales)
    lines = [f"{say_in(one.subject.name, get_language())}: {say_in(one.told, get_language())}" for one in found]
    print_found([{"entry": one.number, "note": one.note, "party": one.party} for one in found], lines, format)
