"""A rule in a Word file: its formula as an equation, the formula in numbers, and where each number is from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from docx.shared import Mm

from gep.messages.numbers import shorten_numbers
from gep.reports.forms.equations import make_omml
from gep.reports.mathematics import say_first_known, show_short

if TYPE_CHECKING:
    from gep.reports.model import Method, Where
    from gep.reports.words import Words


class Writer(Protocol):
    """Adds a paragraph and returns it."""

    def __call__(self, text: str, *, size: float | None = None, bold: bool = False, keep: bool = False) -> Any:
        """Add a paragraph, size in points; `keep` it with the next one."""


def write_rule(write: Writer, rule: Method, words: Words, *, every: bool) -> None:
    """Write a rule.

    Parameters
    ----------
    every : all cells with the origin of each number; otherwise the first cell alone
    """
    write(f"{rule.title} [{rule.mark}]", keep=True)
    write("", keep=True)._p.append(make_omml(say_first_known(rule.formula, words)))  # noqa: SLF001 - python-docx has no equations
    for one in rule.audits if every else rule.audits[:1]:
        named = f"[{one.members}] " if one.members else ""
        write(f"{named}= {shorten_numbers(one.numbers)} = {show_short(one.value)} {words.unit(one.unit)}", size=8)
        for origin in one.origins if every else ():
            _write_origin(write, origin, words)


def _write_origin(write: Writer, origin: Where, words: Words) -> None:
    members = f" [{origin.members}]" if origin.members else ""
    steps, mark = f" {origin.steps}" if origin.steps else "", f" [{origin.mark}]" if origin.mark else ""
    shown = f"{origin.symbol} {origin.title}{members} = {show_short(origin.value)} {words.unit(origin.unit)}"
    paragraph = write(f"{shown} ← {origin.given}{steps}{words['semicolon']} {origin.address}{mark}", size=7)
    paragraph.paragraph_format.left_indent = Mm(6)
