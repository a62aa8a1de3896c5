"""gep certificate and verify: an account as one file, and the proof of it elsewhere."""

from __future__ import annotations

from pathlib import Path

import click

from gep.commands.common import WRONG, format_option, print_found, run_option, say_to_user, store_option, stored_standard_option
from gep.commands.language import get_language


@click.command()
@click.argument("county")
@click.argument("year", type=int)
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


@click.command("verify")
@click.argument("file", type=click.Path(path_type=Path))
@format_option
@click.pass_context
def verify_command(ctx: click.Context, file: Path, format: str) -> None:
    """Compute a certificate again and say equal, or where it differs.

    Needs neither the store nor the coefficient tables. Ends with 2 if anything differs.
    """
    from dataclasses import asdict

    from gep.tasks.explain import verify
    from gep.terminal.certificate import print_verification

    found = verify(file)
    print_found(
        {"file": str(file), "equal": not found.differences, **asdict(found)},
        print_verification(str(file), found, get_language()),
        format,
    )
    if found.differences:
        ctx.exit(WRONG)
