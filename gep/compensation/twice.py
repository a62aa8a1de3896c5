"""The same money twice: a run that spends what another scheme of the year has booked is stopped for a second look."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from gep.compensation.members import name_party
from gep.compensation.scheme import FUND
from gep.files.written_names import fold_name
from gep.messages.problems import Problem
from gep.messages.texts import say
from gep.store.transfers import list_moves, list_other_runs
from gep.units.money import format_yuan

if TYPE_CHECKING:
    from collections.abc import Callable

    from gep.compensation.compute import Result
    from gep.compensation.run_rows import KeptRun
    from gep.store.rows import Connection
    from gep.store.transfers import Move, OtherRun

HINT = "gep transfers --reverse RUN takes the other back; --despite TEXT says why both are right"


def find_doubles(
    connection: Connection, result: Result | KeptRun, name_end: Callable[[Result | KeptRun, str], str]
) -> list[Problem]:
    """Return a problem for every run of another scheme in the same year that seems to spend the same money.

    That is: a version before or after this one, the same fund (by notice, or by title and payer), or the same payments between
    the same parties.

    Parameters
    ----------
    name_end : gives the name of a payer or payee in the store
    """
    problems = []
    for other in list_other_runs(connection, result.ready.scheme.id, result.year):
        moves = list_moves(connection, other.transfer_run)
        why = (
            _find_version(result, other) or _find_fund(result, other, moves, name_end) or _find_payments(result, moves, name_end)
        )
        if why:
            problems.append(
                Problem(
                    "--post",
                    0,
                    say(
                        "{why}: run {run} of {made_at:%Y-%m-%d} has booked {scheme} {version} for {year}, {count} postings, {amount} yuan",
                        why=why,
                        run=other.transfer_run,
                        made_at=other.made_at,
                        scheme=other.scheme,
                        version=other.scheme_version,
                        year=result.year,
                        count=len(moves),
                        amount=format_yuan(
                            sum(move.amount_fen for move in moves if move.payee and not move.payee.startswith(FUND))
                        ),
                    ),
                    "money that is spent once a year",
                    HINT,
                )
            )
    return problems


def _find_version(result: Result | KeptRun, other: OtherRun) -> str:
    scheme = result.ready.scheme
    text: dict[str, Any] = json.loads(other.scheme_text)
    ours = {one.partition(" ")[0] for one in scheme.supersedes} - {scheme.id}
    theirs = {str(one).partition(" ")[0] for one in text.get("supersedes") or ()} - {other.scheme}
    if other.scheme in ours or scheme.id in theirs:
        return say("{id} and {other} are versions of one scheme", id=scheme.id, other=other.scheme)
    return ""


def _find_fund(
    result: Result | KeptRun, other: OtherRun, moves: list[Move], name_end: Callable[[Result | KeptRun, str], str]
) -> str:
    scheme = result.ready.scheme
    there = [
        (
            other.find_title(move.payee),
            {fold_name(move.payer), fold_name(move.payer_name or "")},
            move.fund_notice,
            move.amount_fen,
        )
        for move in moves
        if move.payee.startswith(FUND) and not move.payer.startswith(FUND)
    ]
    for source, target, of_notice, of_fen in result.contributions:
        name = target.removeprefix(FUND)
        title, payer = scheme.funds[name].title or name, name_party(scheme, source)
        payers = {fold_name(payer), fold_name(name_end(result, source))} - {""}
        for their_title, their_payers, notice, fen in there:
            if notice and _fold_notice(notice) == _fold_notice(of_notice):
                return say("the money of notice {notice} is spent twice", notice=notice)
            if (
                payers & their_payers
                and _fold_title(title, payers | their_payers) == _fold_title(their_title, payers | their_payers)
                and (scheme.funds[name].title or fen == of_fen)
            ):
                return say("the fund {title} paid by {payer} is spent twice", title=title, payer=payer)
    return ""


def _fold_title(title: str, payers: set[str]) -> str:
    """Return the title of a fund without the name of who pays it, spaces and marks, which nobody tells two funds apart by."""
    folded = _strip_marks(title)
    named = (folded.removeprefix(_strip_marks(payer)) for payer in sorted(payers, key=len, reverse=True))
    return next((one for one in named if one != folded), folded)


def _fold_notice(notice: str) -> str:
    """Return the number of a document without its brackets, spaces and 第, which are written in several ways."""
    return _strip_marks(notice).replace("第", "")


def _strip_marks(text: str) -> str:
    return re.sub(r"[\W_]+", "", fold_name(text))


def _find_payments(result: Result | KeptRun, moves: list[Move], name_end: Callable[[Result | KeptRun, str], str]) -> str:
    """Return a sentence if everything is paid already: by the same payers, or out of funds that the same payers fill."""
    fill: dict[str, set[str]] = {}
    for move in moves:
        if move.payee.startswith(FUND):
            fill.setdefault(move.payee, set()).add(move.payer)
    filled: dict[str, set[str]] = {}
    for one in result.postings:
        if one.target.startswith(FUND):
            filled.setdefault(one.target, set()).add(name_end(result, one.source))
    there = [
        (_name_payer(move.payer, fill, move.payer), move.payee, move.amount_fen)
        for move in moves
        if not move.payee.startswith(FUND)
    ]
    ours = [
        (_name_payer(one.source, filled, name_end(result, one.source)), name_end(result, one.target), one.fen)
        for one in result.postings
        if not one.target.startswith(FUND)
    ]
    for mine, theirs in ((ours, there), (_add_up(ours), _add_up(there))):
        fewer, more = (mine, theirs) if len(mine) <= len(theirs) else (theirs, mine)
        # one round sum out of another fund is no sign, nor is one that was paid before among several of today
        alone = len(fewer) == 1 and (fewer[0][0].startswith(FUND) or len(mine) > 1)
        if fewer and not alone and {*fewer} <= {*more}:
            payer, payee, fen = fewer[0]
            return say(
                "the same payments are booked, such as {amount} yuan from {payer} to {payee}",
                amount=format_yuan(fen),
                payer=payer.removeprefix(FUND),
                payee=payee,
            )
    return ""


def _add_up(paid: list[tuple[str, str, int]]) -> list[tuple[str, str, int]]:
    """Return payments with those between the same two added up: what one scheme pays by the quarter another pays at once."""
    sums: dict[tuple[str, str], int] = {}
    for payer, payee, fen in paid:
        sums[payer, payee] = sums.get((payer, payee), 0) + fen
    return [(*ends, fen) for ends, fen in sums.items()]


def _name_payer(end: str, filled: dict[str, set[str]], name: str) -> str:
    """Return `fund:` and who fills a fund; a party by its name in the store."""
    return f"{FUND}{' '.join(sorted(filled.get(end, ())))}" if end.startswith(FUND) else name
