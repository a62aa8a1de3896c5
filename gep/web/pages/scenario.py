"""What an account would come to under other land, inputs, coefficients or prices: a simulation on a page, of which nothing is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.problems import Problems
from gep.messages.tables import NUMERIC, print_cell
from gep.office.rights import Action
from gep.office.supposed import suppose
from gep.reference.services import SERVICE_TITLES
from gep.statements.scenario import tell_scenarios
from gep.web.pages.results import need_head
from gep.web.render import show
from gep.web.route import Route

if TYPE_CHECKING:
    from starlette.responses import Response

    from gep.tasks.scenario import Answer
    from gep.web.ask import Ask

NAME = "plan.yaml"
"""What a scenario that was typed is called."""
EXAMPLE = """title: 退耕还林 100 公顷
author: 张三（县林业局）
basis: 县国土空间规划（2021—2035 年）第 4 章
cost: 18000000 CNY
changes:
  - {from: arable, to: evergreen_broadleaf_forest, area: 100 hm2}
"""


def _show(ask: Ask) -> Response:
    return _draw(ask, EXAMPLE, None, None)


def _suppose(ask: Ask) -> Response:
    """Compute what was sent; where it cannot be meant, the page says why and keeps what was typed."""
    head = need_head(ask)
    typed, reach = ask.form.get("scenario", "").replace("\r\n", "\n"), ask.form.get("reach", "").strip()
    change = ask.form.get("change", "").strip()
    files = [(one.filename or "", one.file.read()) for one in ask.files.values()]
    if typed.strip():
        files.insert(0, (NAME, typed.encode("utf-8", "replace")))
    number = int(change) if change.isascii() and change.isdecimal() and len(change) < len("1000") else 0
    try:
        answer = suppose(ask.store(), head.key, files, reach, ask.form.get("of", "") or "gep", number)
    except Problems as problems:
        return _draw(ask, typed, None, problems, 422)
    return _draw(ask, typed, answer, None)


def _draw(ask: Ask, typed: str, answer: Answer | None, problems: Problems | None, status: int = 200) -> Response:
    return show(
        ask,
        "scenario.html",
        status,
        place=ask.place,
        year=ask.year,
        head=need_head(ask),
        typed=typed,
        told=tell_scenarios(answer, ask.lang) if answer else None,
        problems=problems.problems if problems else (),
        reach=ask.form.get("reach", ""),
        of=ask.form.get("of", "gep"),
        change=ask.form.get("change", ""),
        titles={name: titles[1] for name, titles in SERVICE_TITLES.items()},
        cell=print_cell,
        NUMERIC=NUMERIC,
        tab="result",
    )


_PAGE = "/{county:code}/{year:year}/scenario"
ROUTES = (Route(_PAGE, _show, Action.READ), Route(_PAGE, _suppose, Action.READ, "POST"))
