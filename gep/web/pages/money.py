"""Money, for finance: schemes and what they lack, computing with facts, prepared by one and confirmed by another, questions, matrix."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gep.compensation.answers import answer_questions, find_questions, list_questions
from gep.compensation.binding import list_required
from gep.compensation.facts import Facts
from gep.compensation.find import find_versions, list_shipped_schemes
from gep.compensation.stored_words import name_columns, say_cell
from gep.files.folder import READ_AS_WORKBOOKS
from gep.inputs.rows import FIRST_YEAR, LAST_YEAR
from gep.messages.problems import Problem, Problems, refuse, refuse_one
from gep.messages.texts import Joined, say
from gep.office.money import (
    compute_scheme,
    confirm_transfer,
    pack_files,
    prepare_payments,
    prepare_reversal,
    prepare_transfer,
    refuse_transfer,
    register_scheme,
    unpack_files,
)
from gep.office.rights import Action
from gep.reports.allocation_table import Issue
from gep.store.transfers import list_booked, list_fallen, list_sides
from gep.store.two_people import BOOK, list_registrations
from gep.store.walk import refuse_forged
from gep.tasks.account_figures import read_accounts
from gep.tasks.compensate import Compensation, list_out_of_step
from gep.tasks.fallen import describe_fallen, list_fallen_approvals
from gep.tasks.issue import list_payable, read_booked_run
from gep.tasks.two_people import find_prepared, list_waiting, recompute_prepared
from gep.web.render import go, show
from gep.web.route import Route

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.responses import Response

    from gep.compensation.answers import Answer
    from gep.store.store import Store
    from gep.store.transfers import Side
    from gep.store.two_people import Prepared
    from gep.web.ask import Ask

SUPPOSED = "suppose."
"""Beginning of the names of what-if fields."""
ISSUED = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "notices": "application/pdf",
}
"""Form in which a booked run is issued → its type."""
PLACES = ("county", "payer", "payee")
MOST_ROWS = 2000


def _show_money(ask: Ask) -> Response:
    store = ask.store()
    booked, told, prepared = store.remember("money", lambda: _look(store)) if store.exists else ({}, (), ())
    return show(
        ask,
        "money.html",
        schemes=list_shipped_schemes(),
        booked=booked,
        told=told,
        prepared=prepared,
        questions=list_questions(),
        here="money",
    )


def _look(store: Store) -> tuple[Mapping[str, Sequence[int]], Sequence[str], Sequence[Prepared]]:
    """Return the years in which each scheme is booked, what has fallen or moved since, and what is prepared."""
    booked: dict[str, list[int]] = {}
    with store:
        for one in list_booked(store):
            booked.setdefault(one.scheme, []).append(one.year)
        return booked, (*list_fallen_approvals(store), *list_out_of_step(store)), list_waiting(store)


def _scheme(ask: Ask) -> dict[str, Any]:
    identity = ask.path["scheme"]
    versions = find_versions(identity) if not identity.lower().endswith((".yaml", ".yml")) else []
    if not versions:
        refuse_one(
            "SCHEME",
            say("there is no scheme {name!r}", name=identity),
            ", ".join(sorted({one["id"] for one in list_shipped_schemes()})),
        )
    store, registered = ask.store(), {}
    if store.exists:
        with store:
            registered = {one.scheme_sha256: one for one in list_registrations(store, identity)}
    return {
        "versions": versions,
        "registered": registered,
        "ready": versions[-1],
        "lacks": {one.scheme.version: list_required(one) for one in versions},
        "here": "money",
        "facts": "",
        "names": (),
        "supposed": {},
        "problems": (),
        "found": None,
        "form": {},
    }


def _show_scheme(ask: Ask) -> Response:
    return show(ask, "scheme.html", **_scheme(ask))


def read_year(text: str) -> int:
    """Return the year of a form.

    Raises
    ------
    Problems : it is none
    """
    text = text.strip()
    if not (text.isascii() and text.isdecimal() and len(text) == len("2026") and FIRST_YEAR <= int(text) <= LAST_YEAR):
        refuse_one(
            "YEAR",
            say("year is {text!r}", text=text),
            say("a year from {first} to {last}, four digits", first=FIRST_YEAR, last=LAST_YEAR),
        )
    return int(text)


def _read_files(ask: Ask) -> dict[str, bytes]:
    given = {str(file.filename): file.file.read() for file in ask.files.values()}
    return given or unpack_files(ask.form.get("facts", ""))


def _read_supposed(form: Mapping[str, str]) -> list[str]:
    fields = [
        f"{name.removeprefix(SUPPOSED)}={value.strip()}"
        for name, value in form.items()
        if name.startswith(SUPPOSED) and value.strip()
    ]
    return [*fields, *(line.strip() for line in form.get("suppose", "").splitlines() if line.strip())]


def _compute(ask: Ask) -> Response:
    values = _scheme(ask)
    files: dict[str, bytes] = {}
    try:
        files = _read_files(ask)
        values |= {"facts": pack_files(files), "names": tuple(files), "form": dict(ask.form)}
        with ask.store().alone() as store:
            values["found"] = compute_scheme(
                store, ask.path["scheme"], read_year(ask.form.get("year", "")), files, _read_supposed(ask.form)
            )
    except Problems as problems:
        return show(ask, "scheme.html", 422, **{**values, "problems": problems.problems, "form": dict(ask.form)})
    return show(ask, "scheme.html", **values)


def _prepare(ask: Ask) -> Response:
    if _read_supposed(ask.form):
        refuse_one("SCHEME", "simulations are never booked", "a computation without suppositions")
    with ask.store().alone() as store:
        number = prepare_transfer(
            ask.office,
            store,
            ask.path["scheme"],
            read_year(ask.form.get("year", "")),
            _read_files(ask),
            ask.who,
            ask.form.get("reason", "").strip(),
            ask.form.get("despite", "").strip(),
            ask.address,
        )
    return go(ask, f"/money/prepared/{number}", "it is prepared; another account of finance has to confirm it")


def _number(ask: Ask) -> int:
    text = ask.path["number"]
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0  # noqa: PLR2004 - digits of any number there is


def _show_prepared(ask: Ask) -> Response:
    store, computed = ask.store(), None
    found = find_prepared(store, _number(ask))
    problems: tuple[Problem, ...] = ()
    if found.act == BOOK and not found.decision:
        try:
            with store.alone() as alone:
                computed = Compensation(recompute_prepared(alone, found)[0], None, Facts({}, ""))
        except Problems as error:
            problems = tuple(error.problems)
    return show(
        ask,
        "prepared.html",
        prepared=found,
        found=computed,
        problems=problems,
        payments=json.loads(found.payments or "[]"),
        here="money",
    )


def _confirm(ask: Ask) -> Response:
    with ask.store().alone() as store:
        made = confirm_transfer(ask.office, store, _number(ask), ask.who, ask.address)
    told = {
        "book": lambda: say("transfer run {run} is booked", run=made.run),
        "reverse": lambda: say("{count} postings reversed", count=made.count),
        "pay": lambda: say("{count} payments recorded", count=made.count),
    }[made.act]()
    return go(ask, f"/money/prepared/{_number(ask)}", told)


def _refuse(ask: Ask) -> Response:
    with ask.store().alone() as store:
        refuse_transfer(ask.office, store, _number(ask), ask.who, ask.form.get("note", "").strip(), ask.address)
    return go(ask, f"/money/prepared/{_number(ask)}", "it is turned down")


def _register(ask: Ask) -> Response:
    identity = ask.path["scheme"]
    versions = _scheme(ask)["versions"]
    reason = ask.form.get("reason", "").strip()
    with ask.store().alone() as store:
        known: set[str] = set()
        if store.exists:
            with store:
                known = {one.scheme_sha256 for one in list_registrations(store, identity)}
        for one in versions:
            if one.sha256 not in known:
                register_scheme(ask.office, store, one, ask.who, reason, ask.address)
    return go(ask, f"/money/scheme/{identity}", "the scheme is registered and may post")


def _write_notice(ask: Ask) -> Response:
    from gep.reports.payment_notice import write_notice

    found = find_prepared(ask.store(), _number(ask))
    with ask.store().alone() as store, tempfile.TemporaryDirectory() as folder:
        result = recompute_prepared(store, found)[0]
        target = Path(folder) / "notice.pdf"
        write_notice(result, target, store.head())
        content = target.read_bytes()
    return ask.download(content, f"{found.scheme}-{found.year}.pdf", "application/pdf")


def _run_number(ask: Ask) -> int:
    text = ask.path["run"]
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0  # noqa: PLR2004 - digits of any number there is


def _issue(ask: Ask) -> Issue:
    """Return what the form of a booked run asks for."""
    given = {name: ask.query.get(name, "").strip()[:200] for name in ("annex", "number", "issuer", "dated", "unit")}
    return Issue(given["annex"] or "附件", given["number"], given["issuer"], given["dated"], given["unit"] or "元")


def _write_allocation(ask: Ask) -> Response:
    from gep.reports.allocation_forms import write_allocation, write_notices

    form = ask.query.get("form", "pdf")
    if form not in ISSUED:
        refuse_one("FORM", say("allocation tables are not written as {shown}", shown=form[:20]), ", ".join(ISSUED))
    with ask.store().alone() as store, tempfile.TemporaryDirectory() as folder:
        result, booked = read_booked_run(store, _run_number(ask))
        target = Path(folder) / f"allocation.{'pdf' if form == 'notices' else form}"
        if form == "notices":
            write_notices(result, _issue(ask), target, booked)
        else:
            write_allocation(result, _issue(ask), target, booked)
        content = target.read_bytes()
    name = (
        f"{booked.run.scheme}-{booked.run.year}-{booked.run.transfer_run}{'-notices' if form == 'notices' else ''}{target.suffix}"
    )
    return ask.download(content, name, ISSUED[form])


def _export(ask: Ask) -> Response:
    from gep.compensation.budget_export import DEFAULT
    from gep.compensation.budget_subjects import SubjectTable
    from gep.reports.budget_export import write_budget_export

    year = ask.query.get("year", "").strip()
    with ask.store().alone() as store, tempfile.TemporaryDirectory() as folder:
        sides = list_payable(store, [], read_year(year) if year else None, ask.query.get("scheme", "").strip())
        mine = [one for one in sides if len(ask.who.prefix) <= len("36") or ask.who.sees(one.payee)]
        target = Path(folder) / "vouchers.xlsx"
        write_budget_export(mine, DEFAULT, SubjectTable(), target)
        content = target.read_bytes()
    return ask.download(content, f"vouchers{f'-{year}' if year else ''}.xlsx", ISSUED["xlsx"])


def _reverse(ask: Ask) -> Response:
    run = ask.form.get("run", "").strip()
    if not (run.isascii() and run.isdecimal() and len(run) < 10):  # noqa: PLR2004 - digits of any number there is
        refuse_one("RUN", say("the run is {text!r}", text=run), "the number of a booked transfer run")
    with ask.store().alone() as store:
        number = prepare_reversal(ask.office, store, int(run), ask.who, ask.form.get("reason", "").strip(), ask.address)
    return go(ask, f"/money/prepared/{number}", "it is prepared; another account of finance has to confirm it")


def _pay(ask: Ask) -> Response:
    files = list(ask.files.values())
    if len(files) != 1:
        refuse_one("PAYMENTS", "no table of payments came with the form", "CSV: posting_voucher,paid_on,amount,voucher,note")
    with ask.store().alone() as store, tempfile.TemporaryDirectory() as folder:
        kind = Path(files[0].filename or "").suffix.lower()
        path = Path(folder) / f"payments{kind if kind in READ_AS_WORKBOOKS else '.csv'}"
        path.write_bytes(files[0].file.read())
        try:
            number, undone = prepare_payments(ask.office, store, path, ask.who, ask.address)
        except Problems as wrong:
            name = files[0].filename or path.name
            refuse([replace(one, file=name) if one.file == str(path) else one for one in wrong.problems])
    said = [say("{voucher} was not paid: {result}", voucher=voucher, result=result) for voucher, result in undone]
    return go(
        ask,
        f"/money/prepared/{number}",
        Joined(["it is prepared; another account of finance has to confirm it", *said], "; ", "；"),
    )


def _narrow(ask: Ask, columns: Sequence[str], rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return the rows about places that the person sees; rows about no place are for who sees a province."""
    if len(ask.who.prefix) <= len("36"):
        return rows
    at = [columns.index(name) for name in PLACES if name in columns]
    return [row for row in rows if any(ask.who.sees(str(row[one])) for one in at)]


def ask_question(ask: Ask, question: str) -> Answer:
    """Return the answer to a question of finance staff, narrowed to what the person sees.

    Raises
    ------
    Problems : no such question, county or year; nothing is stored yet
    """
    year = ask.query.get("year", "").strip()
    with ask.store().alone() as store:
        asked, columns, rows = answer_questions(
            store,
            find_questions(question or "1"),
            county=ask.query.get("county", "").strip(),
            other=ask.query.get("with", "").strip(),
            year=read_year(year) if year else None,
            scheme=ask.query.get("scheme", "").strip(),
            as_of=ask.query.get("as_of", "").strip(),
            figures=read_accounts(store),
        )[0]
    return asked, columns, _narrow(ask, columns, rows)


def _show_answer(ask: Ask) -> Response:
    asked, columns, rows = ask_question(ask, ask.query.get("question", ""))
    cells = [[say_cell(column, cell, ask.lang) for column, cell in zip(columns, row, strict=True)] for row in rows[:MOST_ROWS]]
    return show(
        ask,
        "answer.html",
        told=list_fallen_approvals(ask.store()),
        asked=asked,
        heads=name_columns(columns, ask.lang),
        cells=cells,
        numbers={at for row in cells for at, cell in enumerate(row) if isinstance(cell, int | float | Decimal)},
        count=len(rows),
        questions=list_questions(),
        query={name: ask.query.get(name, "") for name in ("question", "county", "with", "year", "scheme", "as_of")},
        here="money",
    )


def _download_answer(ask: Ask) -> Response:
    from gep.reports.forms.transfer_workbook import write_answers

    answer = ask_question(ask, ask.query.get("question", ""))
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "answer.xlsx"
        write_answers([answer], target, ask.lang)
        content = target.read_bytes()
    return ask.download(content, f"{answer[0].name}.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")


def _show_matrix(ask: Ask) -> Response:
    _, columns, rows = ask_question(ask, "1")
    at = {name: columns.index(name) for name in ("county", "county_name", "year", "scheme", "amount")}
    table: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        cells = table.setdefault((str(row[at["county"]]), str(row[at["county_name"]] or "")), {})
        cells[row[at["scheme"]]] = cells.get(row[at["scheme"]], 0) + row[at["amount"]]
    schemes = sorted({row[at["scheme"]] for row in rows})
    years = sorted({row[at["year"]] for row in rows})
    return show(ask, "matrix.html", table=table, schemes=schemes, years=years, year=ask.query.get("year", ""), here="money")


def _show_county(ask: Ask) -> Response:
    store = ask.store()
    sides, told = store.remember(("sides", ask.county, ask.year), lambda: _list_sides(store, ask.county, ask.year))
    sums = {sign: sum(one.amount_fen for one in sides if one.sign == sign) for sign in (1, -1)}
    return show(ask, "county_money.html", place=ask.place, year=ask.year, sides=sides, sums=sums, told=told, here="money")


def _list_sides(store: Store, county: str, year: int) -> tuple[list[Side], tuple[str, ...]]:
    """Return what a county pays and receives in a year, and which of it rests on accounts whose approval has fallen.

    The store is first found to be as it was written.
    """
    if not store.exists:
        return [], ()
    with store:
        refuse_forged(store.connection, store.path)
        sides = list_sides(store, [county], year, "")
        runs = {one.transfer_run for one in sides}
        return sides, describe_fallen(one for one in list_fallen(store) if one.transfer_run in runs)


ROUTES = (
    Route("/money", _show_money, Action.READ_MONEY),
    Route("/money/scheme/{scheme}", _show_scheme, Action.READ_MONEY),
    Route("/money/scheme/{scheme}/compute", _compute, Action.PREPARE, "POST"),
    Route("/money/scheme/{scheme}/prepare", _prepare, Action.PREPARE, "POST"),
    Route("/money/scheme/{scheme}/register", _register, Action.PREPARE, "POST"),
    Route("/money/prepared/{number}", _show_prepared, Action.READ_MONEY),
    Route("/money/prepared/{number}/notice", _write_notice, Action.READ_MONEY),
    Route("/money/prepared/{number}/confirm", _confirm, Action.CONFIRM, "POST"),
    Route("/money/prepared/{number}/refuse", _refuse, Action.CONFIRM, "POST"),
    Route("/money/run/{run}/allocation", _write_allocation, Action.READ_MONEY),
    Route("/money/export", _export, Action.READ_MONEY),
    Route("/money/reverse", _reverse, Action.PREPARE, "POST"),
    Route("/money/payments", _pay, Action.PREPARE, "POST"),
    Route("/money/answer", _show_answer, Action.READ_MONEY),
    Route("/money/answer/workbook", _download_answer, Action.READ_MONEY),
    Route("/money/matrix", _show_matrix, Action.READ_MONEY),
    Route("/{county:code}/{year:year}/money", _show_county, Action.READ),
)
