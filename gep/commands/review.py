"""gep review, submit, approve and return: what to look at before signing, and the steps of sign-off."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from gep.commands.common import (
    YEAR,
    begin_storing,
    format_option,
    print_found,
    print_json,
    say_to_user,
    store_option,
    stored_standard_option,
    tell_all,
)
from gep.commands.language import get_language

if TYPE_CHECKING:
    from collections.abc import Callable

    from gep.store.store import Store

by_option = click.option("--by", required=True, metavar="NAME", help="Who takes this step.")


def _step(
    kind: str,
    county: str,
    year: int,
    by: str,
    note: str,
    standard: str | None,
    store: str,
    format: str,
    sha256: str = "",
    *,
    every: bool = False,
    clean: bool = False,
) -> None:
    from gep.store.store import Store
    from gep.tasks.sign import sign_account

    begin_storing()
    if every or clean:
        _step_many(Store(store), kind, county, year, by, note, standard, format, clean=clean)
        return
    event = sign_account(Store(store), county, year, kind, by, note, standard, sha256)
    if format == "json":
        print_json(asdict(event))
        return
    from gep.messages.texts import mark_word, say

    account = say("{account}, run {run}", account=f"{event.county} {event.year} ({event.standard})", run=event.run)
    say_to_user("{account}: {kind} by {who}", account=account, kind=mark_word(kind), who=event.who)
    say_to_user("  account sha256 {digest}", digest=event.account_sha256)


def _step_many(
    store: Store, kind: str, county: str, year: int, by: str, note: str, standard: str | None, format: str, *, clean: bool
) -> None:
    """Take a step for all accounts of a city, a province or a file; what is left out is told first."""
    from gep.messages.texts import mark_word, say, say_in
    from gep.reference.regions import name_region
    from gep.tasks.sign import list_places, sign_many

    places = list_places(county)
    batch = sign_many(store, places, year, kind, by, note, standard, clean=clean)
    if format == "json":
        left = [{"county": code, **one.as_dict()} for code, one in batch.left_out]
        print_json({"left_out": left, "signed": [asdict(one) for one in batch.events]})
        return
    counties = dict.fromkeys(code for code, _ in batch.left_out)
    say_to_user("left out: {count} of {all}", count=len(counties), all=len(places))
    for code, one in batch.left_out:
        click.echo(f"  {name_region(code)}: {say_in(one.found, get_language())}")
    for event in batch.events:
        account = say(
            "{account}, run {run}",
            account=f"{name_region(event.county, event.year)} {event.year} ({event.standard})",
            run=event.run,
        )
        say_to_user("{account}: {kind} by {who}", account=account, kind=mark_word(kind), who=event.who)
        say_to_user("  account sha256 {digest}", digest=event.account_sha256)


def _many(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options by which it takes many accounts."""
    for option in (
        click.option(
            "--clean",
            is_flag=True,
            help="As --every; leave out accounts with open findings of grade A or B, and others that cannot be signed.",
        ),
        click.option(
            "--every",
            is_flag=True,
            help="Every county of the city, province or CSV file of codes (county, sha256) that COUNTY names.",
        ),
    ):
        command = option(command)
    return command


def _options(command: Callable[..., None]) -> Callable[..., None]:
    for option in (
        format_option,
        store_option,
        stored_standard_option,
        by_option,
        click.argument("year", type=YEAR),
        click.argument("county"),
    ):
        command = option(command)
    return command


@click.command()
@_options
@_many
@click.option("--note", default="", help="Answers findings of grade B that nobody explained; required after a return.")
def submit(
    county: str, year: int, by: str, note: str, standard: str | None, store: str, format: str, *, every: bool, clean: bool
) -> None:
    """Submit the newest result of a county and year for approval.

    Open findings of grade A, and unexplained ones of grade B without a note, stand in the way.
    """
    _step("submitted", county, year, by, note, standard, store, format, every=every, clean=clean)


@click.command()
@_options
@_many
@click.option("--note", required=True, help="What the approval rests on.")
@click.option("--sha256", default="", metavar="HEX", help="Approve only the result with this hash; its first digits do.")
def approve(
    county: str,
    year: int,
    by: str,
    note: str,
    sha256: str,
    standard: str | None,
    store: str,
    format: str,
    *,
    every: bool,
    clean: bool,
) -> None:
    """Approve what was submitted; the checker is not the maker.

    The approval names the hash of exactly this result. A later run voids it.
    """
    _step("approved", county, year, by, note, standard, store, format, sha256, every=every, clean=clean)


@click.command("return")
@_options
@click.option("--note", required=True, help="What has to change.")
def return_(county: str, year: int, by: str, note: str, standard: str | None, store: str, format: str) -> None:
    """Return what was submitted to its maker, with what has to change."""
    _step("returned", county, year, by, note, standard, store, format)


@click.command()
@click.argument("county")
@click.argument("year", type=YEAR)
@stored_standard_option
@store_option
@format_option
def review(county: str, year: int, standard: str | None, store: str, format: str) -> None:
    """Print the reviewer's list of an account: what to look at before signing.

    Open findings, unverified parameters and estimates by the share of GEP they
    carry, outliers, services not accounted, dependence on few coefficients.
    """
    from gep.review.review import review_account
    from gep.store.store import Store
    from gep.tasks.fallen import list_fallen_approvals
    from gep.tasks.find import find_account
    from gep.terminal.equivalents import find_equivalents, show_equivalents
    from gep.terminal.review import print_review

    with Store(store) as opened:
        place = find_account(opened, county, year, standard)
        found, not_gep = review_account(opened, place), find_equivalents(opened)
    tell_all(list_fallen_approvals(Store(store), place.county, place.year), err=True)
    lines = show_equivalents(print_review(found, get_language()), get_language(), [found.run], not_gep)
    print_found(asdict(found), lines, format)
