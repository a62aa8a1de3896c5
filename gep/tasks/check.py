"""Checks input files without computing anything: one graded list of everything wrong, doubtful or missing in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from gep.inputs.checks.check import check_inputs
from gep.inputs.read import gather, input_files
from gep.messages.findings import Finding, grade_problem
from gep.messages.problems import Problem, Problems, refuse, refuse_one
from gep.messages.texts import say
from gep.paths import printed_path
from gep.rules.catalogue import COEFFICIENTS
from gep.standards.applicable import APPLICABLE
from gep.standards.plan import make_plan
from gep.standards.standard import load_standard
from gep.store.store import reading
from gep.tasks.run import chosen_standard

COPIES = "校验"
"""Folder of the copies with findings, beside the workbooks: a folder that is read as a whole does not hold both."""

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import duckdb

    from gep.account.account import Account
    from gep.inputs.rows import Inputs


def check_files(inputs: Iterable[Path], standard: str | None = None, store: Path | None = None) -> list[Finding]:
    """Return all findings of input files, A first.

    Parameters
    ----------
    store : where last year's figures may stand; None or absent: no comparison with last year
    """
    found, problems = gather(inputs, COEFFICIENTS, APPLICABLE)
    findings = [grade_problem(problem) for problem in _unique(problems)]
    try:
        plan = make_plan(load_standard(chosen_standard(standard, found)))
    except Problems as error:
        return sorted([*findings, *(grade_problem(problem) for problem in error.problems)])
    before = None
    if store is not None and store.exists():
        with reading(store) as connection:
            before = last_year(connection, found)
    return sorted([*findings, *check_inputs(found, plan, before)])


def findings_of(account: Account, store: Path) -> list[Finding]:
    """Return the findings of a computed account, compared with last year's in the store if it has them."""
    before = None
    if store.exists():
        with reading(store) as connection:
            before = last_year(connection, account.inputs)
    return check_inputs(account.inputs, account.plan, before)


def last_year(connection: duckdb.DuckDBPyConnection, inputs: Inputs) -> pd.DataFrame:
    """Return the newest stored figures of the year before each account, with the year of the account."""
    wanted = inputs.accounts
    connection.register("wanted", pd.DataFrame({"county": wanted["county"].astype(str), "year": wanted["year"].astype("int64")}))
    frame: pd.DataFrame = connection.execute(
        """SELECT w.county, w.year, i.variable, coalesce(i.ecosystem, '') AS ecosystem, coalesce(i.pollutant, '') AS pollutant,
                  coalesce(i.product, '') AS product, i.value
           FROM wanted w JOIN account a ON a.county = w.county AND a.year = w.year - 1 JOIN input_row i USING (run, account)
           QUALIFY a.run = max(a.run) OVER (PARTITION BY w.county, w.year) ORDER BY ALL"""
    ).df()
    connection.unregister("wanted")
    return frame


def write_copies(inputs: Iterable[Path], findings: list[Finding], folder: Path | None = None, lang: str = "zh") -> list[Path]:
    """Write a copy of every workbook among the inputs with its findings, and return where they are."""
    from gep.inputs.workbook.copies import changed_copy, with_earlier_explanations
    from gep.inputs.workbook.write_back import write_back

    written = []
    targets = {path: _copy_of(path, folder) for path in input_files(inputs) if path.suffix.lower() == ".xlsx"}
    refuse(filter(None, (changed_copy(path, target) for path, target in targets.items())))
    for path, target in targets.items():
        shown = printed_path(path)
        of_file = [one for one in findings if one.problem.file in {shown, ""}]
        try:
            write_back(path, with_earlier_explanations(of_file, target), target, lang)
        except Problems:
            raise
        except Exception as error:
            if not any(one.problem.file == shown and not one.problem.cell for one in of_file):
                raise
            found = say("no copy can be made of a damaged workbook ({kind})", kind=type(error).__name__)
            refuse_one(shown, found, "a workbook in .xlsx")
        written.append(target)
    return written


def _copy_of(path: Path, folder: Path | None) -> Path:
    beside = path.parent if path.parent.name == COPIES else path.parent / COPIES
    return (folder or beside) / path.name


def _unique(problems: Iterable[Problem]) -> list[Problem]:
    return sorted(set(problems))
