"""gep encumber: the register of what is sold, pledged or compensated."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gep.commands.common import begin_storing, format_option, print_json, store_option
from gep.commands.language import get_language
from gep.messages.layout import get_colon, lay_out_table
from gep.messages.texts import say_in, translate

if TYPE_CHECKING:
    from datetime import date, datetime

    from gep.encumbrance.entries import Entry, Subject

DAY = click.DateTime(formats=["%Y-%m-%d"])
party_option = click.option("--party", required=True, help="Buyer, lender or who compensates.")
document_option = click.option("--document", required=True, help="Contract, certificate or notice.")
note_option = click.option("--note", default="", help="Remark.")


@click.group()
def encumber() -> None:
    """What is sold, pledged or compensated; nothing twice.

    A parcel, a tonne of carbon or a quantity of a service that is already encumbered is refused, and the first entry named.
    """


@encumber.command()
@click.argument("kind", type=click.Choice(["sold", "pledged", "compensated"]))
@click.option("--county", help="County of the parcel or the account: code or name.")
@click.option("--parcel", help="Number of a parcel, such as 不动产单元号; held as a whole.")
@click.option("--project", help="Carbon project, with --vintage and --tonnes.")
@click.option("--vintage", type=click.IntRange(1990, 2100), help="Year the tonnes were sequestered in.")
@click.option("--tonnes", help="Serial numbers of tonnes of CO2, such as 1-740.")
@click.option("--issued", type=click.IntRange(1), help="Tonnes issued for project and vintage; the first entry says it.")
@click.option("--service", help="Service or line of an account, with --county, --year, --quantity and --unit.")
@click.option("--member", default="", help="Pollutant or item, where the line has several.")
@click.option("--year", type=int, help="Year of the account.")
@click.option("--standard", help="Standard of the account.")
@click.option("--quantity", help="How much of the service, an exact decimal.")
@click.option("--unit", help="Its unit.")
@click.option("--from", "starts", type=DAY, required=True, help="First day it holds.")
@click.option("--to", "ends", type=DAY, help="Last day it holds.  [default: without end]")
@party_option
@document_option
@note_option
@click.option("--distinct", default="", help="Why tonnes are others than those of an entry that looks the same.")
@store_option
@format_option
def add(
    kind: str,
    starts: datetime,
    ends: datetime | None,
    party: str,
    document: str,
    note: str,
    distinct: str,
    store: str,
    format: str,
    **named: Any,
) -> None:
    """Add an entry: a parcel, tonnes of carbon, or a quantity of a service."""
    from gep.encumbrance.entries import Entry, Subject
    from gep.encumbrance.register import add as add_entry
    from gep.encumbrance.register import add_service
    from gep.encumbrance.written import check_entry

    begin_storing()
    subject = check_entry(kind, named, starts.date(), ends.date() if ends else None, party, document)
    new = Entry(
        0,
        kind,
        subject or Subject("service"),
        starts.date(),
        ends.date() if ends else None,
        party.strip(),
        document.strip(),
        note,
        distinct=distinct.strip(),
    )
    if subject:
        made = add_entry(Path(store), new)
    else:
        quantity = named["quantity"], named["unit"]
        made = add_service(
            Path(store), new, named["county"], named["year"], named["service"], named["member"], named["standard"], quantity
        )
    _print_one(made, format)


@encumber.command()
@click.argument("number", type=int)
@click.option("--on", "day", type=DAY, required=True, help="First day it no longer holds.")
@party_option
@document_option
@note_option
@store_option
@format_option
def release(number: int, day: datetime, party: str, document: str, note: str, store: str, format: str) -> None:
    """End entry NUMBER; the entry itself stays as it is."""
    from gep.encumbrance.register import release as release_entry
    from gep.encumbrance.written import check_words

    begin_storing()
    check_words(party, document)
    _print_one(release_entry(Path(store), number, day.date(), party.strip(), document.strip(), note), format)


@encumber.command("list")
@click.option("--county", help="Only entries of this county: code or name.")
@click.option("--on", "day", type=DAY, help="Only what holds on this day.")
@store_option
@format_option
def list_entries(county: str | None, day: datetime | None, store: str, format: str) -> None:
    """List the register, and what newer accounts no longer cover."""
    from gep.encumbrance.register import list_entries as read_entries
    from gep.encumbrance.written import find_county_code

    found, over = read_entries(Path(store), find_county_code(county) if county else None, day.date() if day else None)
    if format == "json":
        print_json({"entries": [_plain(one) for one in found], "uncovered": over})
        return
    lang = get_language()
    heads = ("entry", "kind", "what", "from", "to", "party", "document")
    columns = [translate(lang, head) for head in heads]
    for text in lay_out_table(columns, [_cells(one) for one in found]):
        click.echo(text)
    for text in over:
        click.echo(f"! {say_in(text, lang)}")


def _print_one(one: Entry, format: str) -> None:
    if format == "json":
        print_json(_plain(one))
        return
    lang = get_language()
    released = translate(lang, "; released by {number}", number=one.released_by) if one.released_by else ""
    click.echo(f"{_what(one.subject, lang)}{get_colon(lang)}{say_in(one.told, lang)}{released}")


def _cells(one: Entry) -> tuple[object, ...]:
    until: date | str = one.until or "—"
    if one.released_by:
        until = translate(get_language(), "{day} (released by {number})", day=one.until, number=one.released_by)
    return (
        one.number,
        translate(get_language(), one.kind),
        _what(one.subject, get_language()),
        str(one.starts),
        str(until),
        one.party,
        one.document,
    )


def _what(subject: Subject, lang: str) -> str:
    from gep.encumbrance.entries import SERVICE, format_decimal

    name = say_in(subject.name, lang)
    if subject.kind != SERVICE or subject.held_quantity is None:
        return name
    return f"{name}{'，' if lang == 'zh' else ', '}{format_decimal(subject.held_quantity)} {subject.quantity_unit}"


def _plain(one: Entry) -> dict[str, Any]:
    from dataclasses import asdict

    subject = {name: value for name, value in asdict(one.subject).items() if value is not None}
    return {**{name: value for name, value in asdict(one).items() if name != "distinct"}, "subject": subject}
