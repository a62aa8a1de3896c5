"""gep scheme: the schemes of compensation, shipped and of one's own; which of them may post."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gep.commands.common import begin_storing, format_option, print_json, say_to_user, store_option
from gep.commands.language import get_language
from gep.commands.review import by_option
from gep.messages.layout import pad
from gep.messages.texts import say_in, translate

if TYPE_CHECKING:
    from gep.store.two_people import Registration


@click.group()
def scheme() -> None:
    """List, show, check and register compensation schemes.

    A scheme is a YAML file: who pays whom by which rule, under which text. Those that come with the program lie in
    coefficients/schemes; one of your own may extend them.
    """


@scheme.command("list")
@format_option
def scheme_list(format: str) -> None:
    """List the shipped schemes with their days in force and what is REQUIRED."""
    from gep.compensation.find import list_shipped_schemes

    found = list_shipped_schemes()
    if format == "json":
        print_json(found)
        return
    lang = get_language()
    for one in found:
        click.echo(
            f"{one['id']:<20} {one['version']:<6} [{one['mark']}] {one['from']} – {pad(one['to'] or translate(lang, 'today'), 10)}  {one['title'][lang]}"
        )
        if one["required"]:
            click.echo(
                " " * 21
                + translate(
                    lang, "REQUIRED: {required}; {open} open points", required=len(one["required"]), open=len(one["open"])
                )
            )


@scheme.command("show")
@click.argument("identity", metavar="ID")
@format_option
def scheme_show(identity: str, format: str) -> None:
    """Show all versions of a scheme, or one as `ID VERSION`: text, marks, open points."""
    from gep.compensation.binding import list_required
    from gep.compensation.find import find_versions
    from gep.compensation.reading import describe_unknown_scheme, list_scheme_ids
    from gep.terminal.scheme_formulas import make_formula_values, print_formulas

    versions = find_versions(identity)
    if not versions:
        raise describe_unknown_scheme(identity, list_scheme_ids())
    if format == "json":
        print_json([{**one.document.content, "formulas": make_formula_values(one)} for one in versions])
        return
    for one in versions:
        click.echo(f"# {one.document.file}  sha256 {one.sha256[:16]}")
        click.echo(one.document.text.rstrip())
        for text in print_formulas(one):
            click.echo(text)
        for problem in list_required(one):
            click.echo(f"# {say_in(problem.found, get_language())}")
        click.echo("")


@scheme.command("check")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@format_option
def scheme_check(files: tuple[Path, ...], format: str) -> None:
    """Check scheme files: everything that is not valid, with its line."""
    from gep.compensation.binding import list_required
    from gep.compensation.find import refuse_overlaps
    from gep.compensation.formulas import OLD_SPELLING
    from gep.compensation.reading import read_scheme
    from gep.messages.problems import Problem, Problems, refuse
    from gep.messages.texts import read_terminal_language, say_in

    read: list[Any] = []
    problems: list[Problem] = []
    for file in files:
        try:
            read.append(read_scheme(file))
        except Problems as error:
            problems += error.problems
    refuse(problems)
    for identity in {one.scheme.id for one in read}:
        refuse_overlaps([one for one in read if one.scheme.id == identity])
    if format == "json":
        print_json(
            [
                {
                    "file": str(one.document.file),
                    "id": one.scheme.id,
                    "version": one.scheme.version,
                    "required": [lack.found for lack in list_required(one)],
                }
                for one in read
            ]
        )
        return
    for one in read:
        say_to_user(
            "{file}: {scheme} {version} can be computed", file=one.document.file, scheme=one.scheme.id, version=one.scheme.version
        )
        if one.old_spelling:
            click.echo(f"  {say_in(OLD_SPELLING, read_terminal_language())}")
        for problem in list_required(one):
            click.echo(f"  {say_in(problem.found, get_language())}")
        untitled = [name for name in one.scheme.values if name not in one.scheme.titles]
        if untitled and not one.old_spelling:
            say_to_user("  printed by their ids, as titles names none of them: {names}", names=", ".join(untitled))


@scheme.command("new")
@click.argument("identity", metavar="ID")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File to write.  [default: ID.yaml]")
def scheme_new(identity: str, output: Path | None) -> None:
    """Write the skeleton of a scheme of your own, every part of it explained."""
    from gep.compensation.beginning import write_new_scheme

    click.echo(f"{write_new_scheme(identity, output)}")


@scheme.command("register")
@click.argument("identity", metavar="SCHEME")
@by_option
@click.option("--reason", default="", help="Why the text was changed, where the version takes the place of a registered one.")
@store_option
@format_option
def scheme_register(identity: str, by: str, reason: str, store: str, format: str) -> None:
    """Register SCHEME (an id, or a file) in the store: only what is registered, with this very text, may post.

    A changed text is a version of its own. Ids of shipped schemes are kept for the shipped text.
    """
    from gep.store.store import Store
    from gep.tasks.two_people import register_scheme

    begin_storing()
    made = register_scheme(Store(store), identity, by, reason)
    if format == "json":
        print_json([_describe(one) for one in made])
        return
    for one in made:
        say_to_user(
            "{id} {version} is registered as number {number} by {who}: sha256 {digest}",
            id=one.scheme,
            version=one.scheme_version,
            number=one.registration,
            who=one.who,
            digest=one.scheme_sha256,
        )


@scheme.command("registered")
@store_option
@format_option
def scheme_registered(store: str, format: str) -> None:
    """List the schemes registered in the store: who, when, on which legal basis, and why a text was changed."""
    from gep.compensation.stored_words import say_legal
    from gep.files.written_days import in_china
    from gep.store.store import Store
    from gep.tasks.two_people import list_registered

    found = list_registered(Store(store))
    if format == "json":
        print_json([_describe(one) for one in found])
        return
    columns = ["registration", "scheme", "scheme_version", "registered_at", "who", "scheme_sha256", "reason", "legal_basis"]
    rows = [
        (
            one.registration,
            one.scheme,
            one.scheme_version,
            f"{in_china(one.registered_at):%Y-%m-%d %H:%M}",
            one.who,
            one.scheme_sha256[:16],
            one.reason,
            say_legal(one.legal_basis, get_language()),
        )
        for one in found
    ]
    from gep.terminal.answers import print_answer

    for text in print_answer(columns, rows, get_language()):
        click.echo(text)


def _describe(one: Registration) -> dict[str, Any]:
    """Return a registration as plain values, without the whole text."""
    return {name: value for name, value in asdict(one).items() if name not in {"written_text", "scheme_text"}}
