"""Figures of approved accounts as facts of a scheme, under the name of the input that asks for them."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from gep.compensation.facts import ACCOUNT, Fact
from gep.explain.approved_figures import make_figure_reader

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from gep.compensation.binding import ReadAccountFigures
    from gep.compensation.scheme import Input
    from gep.explain.approved_figures import AccountFigure, SplitGrowth
    from gep.messages.problems import Problem


def make_account_reader(path: Path, split: SplitGrowth) -> ReadAccountFigures:
    """Return a function that reads the figures of a scheme's input from the accounts in a store.

    Parameters
    ----------
    path  : file of the store; where there is none, the function says so as a problem
    split : tells the growth of an account apart by cause
    """
    find = make_figure_reader(path, split)

    def read(name: str, one: Input, codes: Mapping[str, str], year: int, now: int) -> dict[str, Fact] | list[Problem]:
        if one.account is None:
            return []
        found = find(one.account, codes, year, now)
        if isinstance(found, list):
            return found
        return {member: make_fact(name, it, one.account.of) for member, it in found.items()}

    return read


def make_fact(name: str, figure: AccountFigure, of: str) -> Fact:
    """Return a figure of an account as a fact of an input, with the figures it rests on.

    Parameters
    ----------
    name : of the input
    of   : the category or service that the figure is of
    """
    rests = tuple(make_fact(f"{ACCOUNT}{of}", it, of) for it in figure.rests_on)
    return Fact(
        name,
        figure.county,
        figure.year,
        "",
        Fraction(figure.value),
        figure.text,
        figure.unit,
        "final",
        figure.source,
        figure.note,
        figure.file,
        0,
        rests,
    )
