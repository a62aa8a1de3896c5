"""What the commands and click itself say: help, options, refusals of how a command was called."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

import click
from babel.messages.extract import extract_from_dir

from gep.cli import COMMANDS, main
from gep.paths import TEMPLATES

SAME_IN_BOTH = {"ID", "DEM", "HOST"}
SHOWN_BY_CLICK = ("core.py", "exceptions.py", "formatting.py", "parser.py", "types.py")
FOR_PROGRAMMERS = re.compile(
    r"Deprecat|Boolean|defined twice|boolean|UUID|executable|Could not determine|No options defined|exactly one parameter|len_type|iterable"
    r"|Choice\(|Invalid start"
)
"""Texts of click that no command of ours can make it say."""


@cache
def texts_of_commands() -> set[str]:
    """Every paragraph of help, every help of an option, every name of a value."""
    return set(_texts(main)).union(*(_texts(_command(place)) for place, _ in COMMANDS.values())) - SAME_IN_BOTH


def _command(place: str) -> click.Command:
    file, _, name = place.partition(":")
    found: click.Command = getattr(import_module(f"gep.commands.{file}"), name)
    return found


def _texts(command: click.Command) -> Iterator[str]:
    yield from filter(None, (" ".join(one.split()) for one in re.split(r"\n\n+", inspect.cleandoc(command.help or ""))))
    for param in command.params:
        if isinstance(param, click.Option):
            yield from [param.help] if param.help else []
            if param.is_flag or param.count:
                continue
        yield from re.findall(r"[A-Z][A-Z0-9_]+(?: RANGE)?", param.make_metavar(click.Context(command)))
    if isinstance(command, click.Group):
        for one in command.commands.values():
            yield from _texts(one)


@cache
def texts_of_pages() -> set[str]:
    """What the templates of the platform say: the first argument of `t("…")`."""
    calls = re.compile(r"""\bt\(\s*(?:"([^"]+)"|'([^']+)')\s*[,)]""")
    pages = sorted((TEMPLATES / "web").glob("*.html"))
    return {one or other for page in pages for one, other in calls.findall(page.read_text("utf-8"))}


@cache
def texts_of_click() -> set[str]:
    """What click says to users."""
    found = extract_from_dir(Path(click.__file__).parent, [("**.py", "python")], keywords={"_": None, "ngettext": (1, 2)})
    several = {
        text
        for file, _, texts, _, _ in found
        if file in SHOWN_BY_CLICK
        for text in (texts if isinstance(texts, tuple) else (texts,))
    }
    return {text for text in several if not FOR_PROGRAMMERS.search(text)} | OTHERS_OF_CLICK


OTHERS_OF_CLICK = {
    "[OPTIONS]",
    "COMMAND [ARGS]...",
    "Show the version and exit.",
    "Show this message and exit.",
    "required",
    "integer",
    "file",
    "directory",
    "path",
    "File",
    "Directory",
    "Path",
}
