"""What comes next stands on the pages of a county's year, for each who works there and at each state; nobody is led to what is not theirs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

import pytest
from platform_site import Platform

from gep.office.next_step import find_next_step
from gep.office.rights import Role


@dataclass
class Sheet:
    """A form as far as the next step needs it."""

    department: str
    filled: int
    wanted: int


EMPTY, FULL = Sheet("气象局", 0, 6), Sheet("气象局", 6, 6)
STATES = ("", "draft", "submitted", "returned", "approved")


@pytest.mark.parametrize("role", [Role.CLERK, Role.ACCOUNTANT, Role.REVIEWER, Role.FINANCE])
def test_whoever_works_with_an_account_is_told_what_comes_next_at_every_state(role: Role) -> None:
    for state in STATES:
        found = find_next_step(role, "气象局" if role is Role.CLERK else "", state, [EMPTY], ())  # type: ignore[list-item]
        assert found is not None
        assert re.search("[一-鿿]", found.text.zh), found.text
        assert not re.search("[A-Za-z]", found.text.zh), found.text


def test_the_next_step_follows_the_forms() -> None:
    def ask(role: Role, form: Sheet, handed_in: tuple[str, ...] = ()) -> tuple[str, str]:
        found = find_next_step(role, "气象局" if role is Role.CLERK else "", "", [form], handed_in)  # type: ignore[list-item]
        assert found is not None
        return found.text.zh, found.page

    assert ask(Role.CLERK, EMPTY)[0] == "填写气象局的报表（还差 6 个数），填完提交本表"
    assert ask(Role.CLERK, FULL)[0] == "核对气象局的报表，提交本表"
    assert ask(Role.CLERK, FULL, ("气象局",)) == ("气象局的报表已提交，除非重新开放，无须再做", "")
    assert ask(Role.ACCOUNTANT, Sheet("气象局", 2, 6))[0].startswith("1 张报表还差 4 个数")
    assert ask(Role.ACCOUNTANT, FULL) == ("运行核算", "#run")
    assert find_next_step(Role.VIEWER, "", "draft", [EMPTY], ()) is None  # type: ignore[list-item]


def test_every_next_step_leads_to_a_page_that_its_reader_may_open(platform: Platform) -> None:
    for name, page in (("li", ""), ("zhang", ""), ("zhang", "/result"), ("wang", "/review"), ("qian", "/result")):
        visitor = platform.visit(name)
        text = visitor.get(f"/361027/2022{page}").text
        (ahead,) = re.findall(r'<p class="ahead">(.*?)</p>', text)
        assert "下一步：" in ahead
        for link in re.findall(r'href="([^"]+)"', ahead):
            there, _, mark = unescape(link).partition("#")
            answer = visitor.get(there)
            assert answer.status_code == 200, link
            assert not mark or f'id="{mark}"' in answer.text, link
