"""One request: who asks, in which language, for which place and year, with which form; and the answers that can be given."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from anyio import CapacityLimiter
from starlette.responses import Response

from gep.messages.problems import refuse_one
from gep.messages.texts import say
from gep.office.checking import Checker
from gep.office.touched import Touched
from gep.office.workshop import Workshop
from gep.reference.periods import FIRST, LAST, read_year
from gep.reference.regions import Region, read_regions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2 import Environment
    from starlette.datastructures import UploadFile

    from gep.office.database import Office
    from gep.office.rights import Action, Person
    from gep.office.sessions import Session
    from gep.store.keeper import Keeper
    from gep.store.kept import Kept
    from gep.store.store import Store
    from gep.web.ahead import Ahead
    from gep.web.jobs import Jobs

CHANGERS = 40
"""Requests that change something and are worked on at the same time."""


@dataclass(frozen=True)
class Site:
    """What all requests share: the store and who works with it."""

    keeper: Keeper
    office: Office
    jobs: Jobs
    templates: Environment
    kept: Kept
    ahead: Ahead
    secure: bool = False
    """Whether people reach the server by TLS, so that cookies may ask for it."""
    slowest: float = 120.0
    """Seconds in which a request must have arrived whole."""
    checker: Checker = field(default_factory=Checker)
    """Findings of drafts."""
    touched: Touched = field(default_factory=Touched)
    workshop: Workshop = field(default_factory=Workshop)
    changers: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(CHANGERS))
    """Threads of those who change something; who reads has others, and never waits for a disk that they wait for."""


@dataclass(frozen=True)
class Ask:
    """One request, read whole, of somebody who may make it.

    Attributes
    ----------
    person : who asks; None on the page of the login
    path   : values of the path, such as `county`
    query, form : first value of each name
    files  : uploaded, by the name of their field
    address : of the network, for the journal
    key    : chosen by a program, so that a request that is sent twice is done once
    """

    site: Site
    method: str
    url: str
    lang: str
    person: Person | None
    session: Session | None
    path: Mapping[str, str]
    query: Mapping[str, str]
    form: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, UploadFile] = field(default_factory=dict)
    body: bytes = b""
    address: str = ""
    key: str = ""

    @property
    def who(self) -> Person:
        """The person who asks; on pages that need one.

        Raises
        ------
        RuntimeError : nobody is logged in
        """
        if self.person is None:
            raise RuntimeError("this page has nobody")
        return self.person

    @property
    def office(self) -> Office:
        """Drafts, people and the journal."""
        return self.site.office

    @property
    def county(self) -> str:
        """The code of the place in the path: six digits, or the id of a unit of somebody's own."""
        return self.path["county"]

    @property
    def year(self) -> int:
        """The year or period in the path.

        Raises
        ------
        Problems : a period that ends before it begins
        """
        text = self.path["year"]
        if len(text) == len("2026"):
            return int(text)
        found = read_year(text)
        if found is None:
            refuse_one(
                "YEAR",
                say("year is {text!r}", text=text),
                say("a year from {first} to {last}, four digits", first=FIRST, last=LAST),
            )
        return found

    @property
    def place(self) -> Region:
        """The place in the path.

        Raises
        ------
        Problems : there is no such place
        """
        found = read_regions().get(self.county)
        if found is None:
            refuse_one("COUNTY", say("county is {text!r}", text=self.county), "a six-digit GB/T 2260 code")
        return found

    def store(self) -> Store:
        """Return the store, for this request."""
        return self.site.keeper.store()

    def may(self, action: Action, code: str | None = None, department: str | None = None) -> bool:
        """Whether the person may do something; see `Person.may`."""
        return self.person is not None and self.person.may(action, code, department)

    def give(self, value: object, status: int = 200) -> Response:
        """Return a value as JSON."""
        said = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")  # half a letter that was sent is none
        return Response(said, status, media_type="application/json")

    def download(self, content: bytes, name: str, kind: str) -> Response:
        """Return a file to be kept.

        Parameters
        ----------
        name : as it shall be called; Chinese is right
        kind : its media type
        """
        from urllib.parse import quote

        return Response(
            content, media_type=kind, headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
        )
