"""Accounts of Gross Ecosystem Product that can be explained down to the cell they came from.

For Python, described with an example in docs/python.md:

read_inputs : rows of workbooks and tables, checked
compute     : accounts of these rows, in memory
open_store  : a file of accounts: save, find, sign, ask, export
trace       : a value explained down to its cells
make_report : the report of a stored account as a file
compensate  : a compensation scheme computed for a year, to the fen
verify      : a certificate computed again
Problems    : raised with everything that is wrong in files or questions: where, what was found, what to do
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gep.messages.problems import Problems
    from gep.reports.writing import write_account_report as make_report
    from gep.store.store import Store as open_store  # noqa: N813 - making one opens nothing yet
    from gep.tasks.compensate import compensate
    from gep.tasks.compute import compute, read_inputs
    from gep.tasks.explain import trace, verify

__all__ = ["Problems", "compensate", "compute", "make_report", "open_store", "read_inputs", "trace", "verify"]

_HOMES = {
    "read_inputs": ("gep.tasks.compute", "read_inputs"),
    "compute": ("gep.tasks.compute", "compute"),
    "open_store": ("gep.store.store", "Store"),
    "trace": ("gep.tasks.explain", "trace"),
    "make_report": ("gep.reports.writing", "write_account_report"),
    "compensate": ("gep.tasks.compensate", "compensate"),
    "verify": ("gep.tasks.explain", "verify"),
    "Problems": ("gep.messages.problems", "Problems"),
}
"""Name → module and name in it; a module is loaded when its name is first asked for, so that `gep --help` stays fast."""


def __getattr__(name: str) -> object:
    """Return one of the names above.

    Raises
    ------
    AttributeError : any other name
    """
    if name not in _HOMES:
        raise AttributeError(f"module 'gep' has no attribute {name!r}")
    module, inside = _HOMES[name]
    return getattr(import_module(module), inside)


def __dir__() -> list[str]:
    return [*__all__]
