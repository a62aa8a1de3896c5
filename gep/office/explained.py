"""The trace of a number as a page tells it: rule by rule, the formula as mathematics, in numbers, and where each number came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gep.explain.trace import explain_not_accounted, make_trace
from gep.reports.methods import make_methods

if TYPE_CHECKING:
    from gep.explain.trace import Trace
    from gep.reports.model import Method
    from gep.store.keys import AccountKey
    from gep.store.store import Store


@dataclass(frozen=True)
class ExplainedPage:
    """A trace for a page; `why_not` says why there is no value, `unread` are figures that nothing reads."""

    trace: Trace
    rules: tuple[Method, ...]
    why_not: str
    unread: tuple[dict[str, str], ...]
    quantities: bool
    """Whether the account is of quantities only, which then stand in the place of its total."""


def explain_for_page(store: Store, key: AccountKey, service: str | None, lang: str) -> ExplainedPage:
    """Return the trace of a service of a stored account, or of its total.

    Parameters
    ----------
    service : id; None: the total
    lang    : zh or en

    Raises
    ------
    Problems : the account's standard counts no such service
    """
    with store:
        trace = make_trace(store, key, service, None)
    return ExplainedPage(
        trace,
        make_methods(trace.steps, lang),
        explain_not_accounted(trace, lang),
        tuple(one for one in trace.unread if not one["whole"]),
        service is None and trace.physical,
    )
