"""All that somebody knows of the uncertainty of accounts beside the ranges of coefficient rows, and what is drawn by it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gep.messages.problems import Problem, refuse
from gep.messages.texts import say
from gep.uncertainty.correlations import Correlation, bind_parameters
from gep.uncertainty.groups import make_groups
from gep.uncertainty.land import AREA, MapLine, Samples, choose_maps, draw_by_confusion
from gep.uncertainty.parameters import Parameter, list_parameters
from gep.uncertainty.stated import Stated, list_unanswered

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gep.explain.rebuild import RecomputedAccount
    from gep.uncertainty.groups import Group


@dataclass(frozen=True)
class Given:
    """What is known of uncertainty.

    Attributes
    ----------
    stated : spreads of a table; they go before all others
    by_mark : mark → relative standard deviation of every coefficient with this mark that nothing else is known of
    correlations : between numbers that have a spread
    maps, samples : areas by several maps, or a confusion matrix; one of both at most
    """

    stated: Sequence[Stated] = ()
    by_mark: Mapping[str, float] = field(default_factory=dict)
    correlations: Sequence[Correlation] = ()
    maps: Sequence[MapLine] = ()
    samples: Sequence[Samples] = ()


NOTHING = Given()


def group_accounts(accounts: Sequence[RecomputedAccount], given: Given) -> list[list[Group]]:
    """Return the uncertain numbers of each account in the groups that they are drawn in.

    Raises
    ------
    Problems : a line that no account answers to or that cannot be meant; correlations that contradict each other; areas that are
               not those of the account's types, or that have a spread of their own beside maps
    """
    stated = list(given.stated)
    if given.maps or given.samples:
        refuse(
            Problem(
                one.place,
                one.line,
                "the areas are drawn by maps or a confusion matrix already",
                say("no line of {name}", name=AREA),
            )
            for one in stated
            if one.id == AREA
        )
    spare = set(range(len(stated)))
    listed: list[list[Parameter]] = []
    problems: list[Problem] = []
    for account in accounts:
        left: set[int] = set()
        listed.append(list_parameters(account, stated, given.by_mark, left, problems))
        spare &= left
    refuse([*problems, *list_unanswered(stated, spare), *_list_idle_marks(accounts, listed, given.by_mark)])
    bound = bind_parameters(listed, given.correlations)
    found = [make_groups(parameters, bound) for parameters in listed]
    for account, groups in zip(accounts, found, strict=True):
        land = choose_maps(account, list(given.maps)) if given.maps else None
        if land is None and given.samples:
            groups.append(draw_by_confusion(account, list(given.samples)))
        elif land is not None:
            groups.append(land)
    return found


def _list_idle_marks(
    accounts: Sequence[RecomputedAccount], listed: Sequence[Sequence[Parameter]], by_mark: Mapping[str, float]
) -> Iterator[Problem]:
    """Yield a problem for each mark that no number has which nothing else is known of."""
    used = {
        account.used[one.row - len(account.inputs)]["mark"]
        for account, parameters in zip(accounts, listed, strict=True)
        for one in parameters
        if one.spread.origin == "mark"
    }
    for mark in by_mark:
        if mark not in used:
            found = say("no coefficient without a spread of its own has the mark {mark}", mark=mark)
            yield Problem("--by-mark", 0, found, "a mark that gep trace shows, or none")
