"""A platform on a copy of the demonstration store, with somebody of each role, asked without a network."""

from __future__ import annotations

import re
import shutil
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anyio.from_thread import start_blocking_portal
from argon2 import PasswordHasher
from starlette.testclient import TestClient

from gep.office.database import Office
from gep.office.journal import note_act
from gep.office.people import add_person, set_password
from gep.office.rights import Person, Role
from gep.web.app import make_app

if TYPE_CHECKING:
    import httpx2 as httpx
    from anyio.from_thread import BlockingPortal

PASSWORD = "Lüshui-qingshan-2026"
PEOPLE = (
    Person("admin", "管理员", Role.ADMINISTRATOR),
    Person("zhang", "张三", Role.ACCOUNTANT, "361027"),
    Person("li", "李四", Role.CLERK, "361027", "气象局"),
    Person("wang", "王五", Role.REVIEWER, "361000"),
    Person("zhao", "赵六", Role.REVIEWER, "360000"),
    Person("qian", "钱七", Role.FINANCE, "360000"),
    Person("sun", "孙八", Role.FINANCE, "360000"),
    Person("zhou", "周九", Role.AUDITOR, "360000"),
    Person("wu", "吴十", Role.VIEWER, "360000"),
    Person("elsewhere", "郑一", Role.ACCOUNTANT, "360121"),
)
"""One of each role at their places, and an accountant of another county."""


def make_site(store: Path, folder: Path) -> Path:
    """Copy a store, make the people of the platform beside the copy, and return its path.

    Their passwords are hashed so that each of the tests' many logins takes a millisecond and not a fifth of a second; that of
    the last is hashed as in an office, and so are those that tests set themselves.
    """
    target = folder / "gep.duckdb"
    shutil.copy(store, target)
    office = Office(target)
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    first = {person.name: add_person(office, person, "server") for person in PEOPLE}
    with office.changing() as connection:
        for person in PEOPLE[:-1]:
            connection.execute("UPDATE person SET password = ?, must_change = 0 WHERE name = ?", (quick, person.name))
            note_act(connection, person.name, "", "password changed", person.name)
    set_password(office, PEOPLE[-1].name, first[PEOPLE[-1].name], PASSWORD)
    office.close()
    return target


class Platform:
    """The platform of a store, and the people who use it."""

    def __init__(self, store: Path) -> None:
        self.app = make_app(store)
        self.office: Office = self.app.state.site.office
        self._open = ExitStack()
        self._portal = self._open.enter_context(start_blocking_portal())

    def close(self) -> None:
        """End what works beside the pages, so that nothing is left when the tests end."""
        site = self.app.state.site
        site.ahead.close()
        site.workshop.close()
        site.jobs.close()
        site.keeper.close()
        self._open.close()

    def visit(self, name: str = "") -> Visitor:
        """Return somebody with a browser of their own; logged in where a name is given."""
        visitor = Visitor(self.app, self._portal)
        if name:
            answer = visitor.post("/login", name=name, password=PASSWORD, next="/")
            assert answer.status_code == 303, answer.text
        return visitor


class Visitor:
    """Somebody with a browser: cookies are kept, redirects are not followed, forms carry the token of the session."""

    def __init__(self, app: Any, portal: BlockingPortal) -> None:
        self.client = TestClient(app, base_url="http://platform", follow_redirects=False, raise_server_exceptions=False)
        self.client.portal = portal  # the loop of all visitors: one begun for each request takes longer than most pages
        self._csrf = ""

    @property
    def csrf(self) -> str:
        """The token of the session."""
        if not self._csrf:
            self._csrf = str(self.client.get("/session").json().get("csrf", ""))
        return self._csrf

    def get(self, url: str) -> httpx.Response:
        """Ask for a page."""
        return self.client.get(url)

    def post(self, url: str, files: Any = None, **form: str) -> httpx.Response:
        """Send a form."""
        if url != "/login":
            form.setdefault("csrf", self.csrf)
        return self.client.post(url, data=form, files=files)

    def send(self, url: str, value: object) -> httpx.Response:
        """Send JSON as the script of a page does, or a program to the API."""
        asked = url if url.startswith("/api/") else f"{url}?as=json"
        return self.client.post(asked, json=value, headers={"X-CSRF": self.csrf})


def words_of(answer: httpx.Response) -> str:
    """The text of a page without its tags."""
    return " ".join(re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", answer.text, flags=re.DOTALL).split())
