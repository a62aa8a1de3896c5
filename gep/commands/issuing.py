"""Options by which the table of a finance bureau and the notices of counties are written, shared by commands."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gep.commands.common import tell_all

if TYPE_CHECKING:
    from collections.abc import Callable

    from gep.compensation.compute import Result
    from gep.compensation.issued import Booked


@dataclass(frozen=True)
class Issuing:
    """What is to be issued, as the options say it."""

    official: Path | None
    notices: Path | None
    unit: str
    annex: str
    number: str
    issuer: str
    dated: str
    subjects: Path | None


_OPTIONS = (
    click.option(
        "--official",
        type=click.Path(path_type=Path),
        help="Write the allocation table of a finance bureau: .pdf, .docx, .xlsx, .html.",
    ),
    click.option(
        "--notices",
        type=click.Path(path_type=Path),
        help="Write a notice of one page for each county, or for --county: .pdf, .html.",
    ),
    click.option("--unit", default="元", show_default=True, metavar="元|万元", help="Unit of the amounts in both."),
    click.option("--annex", default="附件", metavar="TEXT", help="Number of the annex."),
    click.option("--number", default="", metavar="TEXT", help="Number of the document."),
    click.option("--issuer", default="", metavar="TEXT", help="Who issues it."),
    click.option("--dated", default="", metavar="TEXT", help="The date on it."),
    click.option(
        "--subjects",
        type=click.Path(path_type=Path),
        help="Table of budget subjects, any codes: operation, payee, function_class, economic_class, fund_nature, project_code, indicator_number.",
    ),
)
NAMES = ("official", "notices", "unit", "annex", "number", "issuer", "dated", "subjects")


def issuing_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of what is issued."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def take_issuing(options: dict[str, Any]) -> Issuing:
    """Return what is to be issued, taken out of the options of a command."""
    return Issuing(*(options.pop(name) for name in NAMES))


def check_issued(asked: Issuing) -> None:
    """Refuse what cannot be issued before anything is computed or written.

    Raises
    ------
    Problems : an ending that the table or the notices are not written in, or another unit than 元 and 万元
    """
    if asked.official is None and asked.notices is None:
        return
    from gep.messages.problems import refuse
    from gep.reports.allocation_forms import find_wrong_issue
    from gep.reports.allocation_table import Issue

    issue = Issue(asked.annex, asked.number, asked.issuer, asked.dated, asked.unit)
    refuse(find_wrong_issue(issue, asked.official, asked.notices))


def write_issued(result: Result, asked: Issuing, booked: Booked | None, party: str) -> None:
    """Write what is issued, and say where.

    Parameters
    ----------
    party : code of the one county whose notice is written; empty: all
    """
    from gep.compensation.budget_subjects import read_subject_table
    from gep.reports.allocation_forms import write_allocation, write_notices
    from gep.reports.allocation_table import Issue, list_moves, read_moves

    if asked.official is None and asked.notices is None:
        return
    subjects = read_subject_table(asked.subjects)
    issue = Issue(asked.annex, asked.number, asked.issuer, asked.dated, asked.unit, subjects)
    moves = list_moves(result) if booked is None else read_moves(booked.postings)
    tell_all(subjects.list_unused((one.operation, one.target, one.target_name) for one in moves), err=True)
    if asked.official is not None:
        write_allocation(result, issue, asked.official, booked)
        click.echo(f"{asked.official}")
    if asked.notices is not None:
        write_notices(result, issue, asked.notices, booked, party)
        click.echo(f"{asked.notices}")
