"""gep certificate and verify: an account as one file, and the proof of it elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from gep.commands.common import (
    WRONG,
    YEAR,
    format_option,
    print_found,
    refuse_usage,
    run_option,
    say_to_user,
    store_option,
    stored_standard_option,
)
from gep.commands.language import get_language
from gep.messages.texts import say, say_in, translate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gep.office.heads import JournalWalk


@click.command()
@click.argument("county")
@click.argument("year", type=YEAR)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="File to write.  [default: outputs/COUNTY-YEAR-STANDARD.certificate.json]",
)
@run_option
@stored_standard_option
@store_option
def certificate(county: str, year: int, output: Path | None, run: int | None, standard: str | None, store: str) -> None:
    """Write one file that proves an account: inputs, coefficients, rules, results, sign-offs, hashes.

    gep verify computes it again on any machine, without the store.
    """
    from gep.certificate.certificate import find_whole_hash, make_certificate, write_certificate_text
    from gep.files.writing import write_file
    from gep.store.store import Store
    from gep.tasks.find import find_account

    with Store(store) as opened:
        place = find_account(opened, county, year, standard, run)
        found = make_certificate(opened, place)
    of_run = "" if run is None else f"-run{run}"
    target = output or Path("outputs") / f"{place.county}-{place.year}-{place.standard}{of_run}.certificate.json"
    write_file(target, write_certificate_text(found).encode(), "certificate")
    click.echo(str(target))
    say_to_user("whole {digest}", digest=find_whole_hash(found))
    say_to_user(
        "head of the chain {digest} (link {link})", digest=found["about"]["chain_sha256"], link=found["about"]["chain_link"]
    )


@click.command("verify")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option(
    "--store", metavar="FILE", default=None, help="A store: walk its chain; with a certificate, look whether it has the account."
)
@click.option(
    "--head", metavar="HASH", default="", help="Head that stands on a report, notice or certificate: 16 digits or more."
)
@format_option
@click.pass_context
def verify_command(ctx: click.Context, file: Path | None, store: str | None, head: str, format: str) -> None:
    """Compute a certificate again, or walk the chain of a store, and say where it differs.

    A certificate needs neither the store nor the coefficient tables. Ends with 2 if anything differs.
    """
    if file is None:
        if store is None:
            refuse_usage(say("name a certificate, or a store with --store FILE"))
        wrong = _verify_store(store, head, format)
    else:
        wrong = _verify_certificate(file, store, head, format)
    if wrong:
        ctx.exit(WRONG)


def _verify_certificate(file: Path, store: str | None, head: str, format: str) -> bool:
    from dataclasses import asdict

    from gep.tasks.explain import verify, verify_against
    from gep.terminal.certificate import print_against, print_verification
    from gep.units.currencies import show_lines

    found, lang = verify(file), get_language()
    beyond = None if found.differences else verify_against(found, store, head)
    wrong = bool(found.differences or (beyond and beyond.differences))
    shown = {"file": str(file), "equal": not wrong, **asdict(found)}
    if beyond:
        shown["against"] = {name: [say_in(one, lang) for one in texts] for name, texts in asdict(beyond).items()}
    lines = [*print_verification(str(file), found, lang), *(print_against(beyond, lang) if beyond else ())]
    print_found(shown, show_lines(lines, str(found.about.get("standard", ""))), format)
    return wrong


def _verify_store(store: str, head: str, format: str) -> bool:
    from dataclasses import asdict

    from gep.office.heads import walk_journal
    from gep.tasks.explain import verify_store
    from gep.terminal.certificate import print_walk

    walk, lang = verify_store(store, head), get_language()
    journal = walk_journal(Path(store))
    holds = walk.holds and not (journal and journal.broken)
    shown = {"store": store, "holds": holds, **asdict(walk)}
    if journal:
        shown["journal"] = asdict(journal)
    print_found(shown, [*print_walk(store, walk, lang), *(_print_journal(journal, lang) if journal else ())], format)
    return not holds


def _print_journal(found: JournalWalk, lang: str) -> Iterator[str]:
    if found.broken:
        yield translate(lang, "{path}: the chain of the journal is broken", path=found.path)
    else:
        yield translate(lang, "{path}: the journal follows its chain", path=found.path)
    for one in found.broken:
        yield f"  {say_in(one, lang)}"
    yield "  " + translate(lang, "{entries:,} entries; head {head}", entries=found.entries, head=found.head or "-")
