"""Checks input files without computing anything: one graded list of everything wrong, doubtful or missing in them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from gep.account.account import make_account
from gep.account.need_findings import describe_needs
from gep.account.needs import list_needs
from gep.account.published import judge_totals
from gep.coefficients.shipped import read_shipped_tables
from gep.coefficients.tables import add_rows
from gep.files.folder import COPIES
from gep.files.overwriting import begin_call
from gep.files.value_workbooks import holds_values_only
from gep.files.workbook_guard import find_refusal
from gep.inputs.checks.check import check_inputs
from gep.inputs.classes import list_undeclared_classes
from gep.inputs.explanations import join_explanations
from gep.inputs.read import list_input_files
from gep.messages.findings import Finding, grade_problem
from gep.messages.many_findings import Findings, sort_findings
from gep.messages.problems import Problems, refuse, refuse_one
from gep.messages.texts import say
from gep.paths import print_path
from gep.standards.plan import make_plan
from gep.standards.standard import load_standard
from gep.store.inputs import read_figures_before
from gep.tasks.compute import choose_standard
from gep.tasks.earlier_figures import take_earlier
from gep.tasks.overlapping_units import check_overlaps
from gep.tasks.reading import gather_with_standard

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from gep.account.account import Account
    from gep.inputs.rows import Inputs
    from gep.inputs.workbook.book import Book
    from gep.standards.plan import Plan
    from gep.store.store import Store


def check_files(
    inputs: Iterable[Path], standard: str | None = None, store: Store | None = None, typed: Iterable[Book] = ()
) -> list[Finding]:
    """Return all findings of input files, A first; a standard that cannot be read is a finding too.

    Parameters
    ----------
    inputs   : workbooks, CSV or Parquet tables, or folders of them
    standard : id of a shipped standard or path of a YAML file; None: the one on the cover, else the default
    store    : where last year's figures may stand; None or absent: no comparison with last year
    typed    : figures that stand in no file, as books
    """
    if store is not None:
        store.know_units()
    found, own, problems = gather_with_standard(inputs, standard, typed)
    findings = [grade_problem(problem) for problem in problems]
    if standard is not None and own is None:
        return sorted(findings)
    try:
        plan = make_plan(load_standard(choose_standard(standard, found)))
    except Problems as error:
        return sorted([*findings, *(grade_problem(problem) for problem in error.problems)])
    if store is not None:
        found = take_earlier(store, found, plan.standard)
    findings += [grade_problem(one) for one in list_undeclared_classes(found, plan.standard.classes, plan.standard.id)]
    before = read_last_year(store, found) if store is not None else None
    try:
        needed = list(_find_needs(found, plan))
    except Problems as error:
        needed = [grade_problem(problem) for problem in error.problems]
    totals = [] if any(one.grade == "A" for one in (*findings, *needed)) else _judge_totals(found, plan)
    overlaps = join_explanations(check_overlaps(found), found.explanations)
    return list(sort_findings([*findings, *check_inputs(found, plan, before), *needed, *totals, *overlaps]))


def _find_needs(inputs: Inputs, plan: Plan) -> Iterator[Finding]:
    """Yield what services of the accounts still need, by the rules and coefficients of a run."""
    tables = add_rows(read_shipped_tables(), plan.standard.own_rows)
    known = set(zip(inputs.accounts["county"].astype(str), inputs.accounts["year"].astype(int), strict=True))
    empty = pd.DataFrame(sorted(set(inputs.departments) - known), columns=["county", "year"])  # workbooks with a cover alone
    every = replace(inputs, accounts=pd.concat([inputs.accounts, empty], ignore_index=True) if len(empty) else inputs.accounts)
    if len(every.accounts):
        yield from describe_needs(list_needs(plan, every, tables), every, tables, plan)


def _judge_totals(inputs: Inputs, plan: Plan) -> list[Finding]:
    """Return what published accounts say of the totals; what a run would refuse is a finding of grade A."""
    if not len(inputs.accounts):
        return []
    try:
        account = make_account(plan.standard, inputs, read_shipped_tables())
    except Problems as error:
        return [grade_problem(problem) for problem in error.problems]
    return list(join_explanations(judge_totals(account), inputs.explanations))


def read_last_year(store: Store, inputs: Inputs) -> pd.DataFrame | None:
    """Return the stored figures of the year before each account; None where there is no store."""
    if not store.exists:
        return None
    with store:
        return read_figures_before(store, inputs.accounts)


def check_account(account: Account, before: pd.DataFrame | None) -> Findings:
    """Return the findings of a computed account, compared with last year's figures if there are any."""
    totals = join_explanations(judge_totals(account), account.inputs.explanations)
    overlaps = join_explanations(check_overlaps(account.inputs), account.inputs.explanations)
    return sort_findings([*check_inputs(account.inputs, account.plan, before), *totals, *overlaps])


def write_copies(inputs: Iterable[Path], findings: list[Finding], folder: Path | None = None, lang: str = "zh") -> list[Path]:
    """Write a copy of every workbook among the inputs with its findings, and return where they are.

    Parameters
    ----------
    inputs   : files or folders, as for `check_files`; only workbooks in .xlsx get a copy
    findings : what `check_files` returned for the inputs
    folder   : where the copies go; None: beside each workbook
    lang     : language of the findings, zh or en

    Raises
    ------
    Problems : a copy whose figures were changed since, a damaged workbook, or a place that cannot be written
    """
    from gep.inputs.workbook.copies import find_changed_copy, join_earlier_explanations, make_copy_call
    from gep.inputs.workbook.write_back import write_back

    written = []
    targets = {
        path: _copy_of(path, folder)
        for path in list_input_files(inputs)
        if path.suffix.lower() == ".xlsx" and not _is_binary(path)
    }
    refuse(filter(None, (find_changed_copy(path, target) for path, target in targets.items())))
    for path, target in targets.items():
        shown = print_path(path)
        refuse(filter(None, (find_refusal(path, shown),)))
        of_file = [one for one in findings if one.problem.file in {shown, ""}]
        try:
            explained = join_earlier_explanations(of_file, target)
            with begin_call(make_copy_call(target)):
                write_back(path, explained, target, lang)
        except Problems:
            raise
        except Exception as error:
            if not any(one.problem.file == shown and not one.problem.cell for one in of_file):
                raise
            found = say("no copy can be made of a damaged workbook ({kind})", kind=type(error).__name__)
            refuse_one(shown, found, "a workbook in .xlsx")
        written.append(target)
    return written


def _is_binary(path: Path) -> bool:
    """Return whether a file is a binary workbook that is called .xlsx: its contents could not be written back as they were."""
    return find_refusal(path, "") is None and holds_values_only(path.read_bytes())


def _copy_of(path: Path, folder: Path | None) -> Path:
    beside = path.parent if path.parent.name == COPIES else path.parent / COPIES
    return (folder or beside) / path.name
