"""What a route is: its path, what one must be allowed to do, and the function that answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.responses import Response

    from gep.office.rights import Action
    from gep.web.ask import Ask


@dataclass(frozen=True)
class Route:
    """One address of the platform.

    Attributes
    ----------
    path   : with {names}; `{county}` is the place and `{department}` the form on which the right is asked for
    answer : makes the response
    needs  : what the person must be allowed to do; None: anybody, also who is not logged in
    method : GET changes nothing; POST carries the token of the session
    change_password : whether somebody with a one-time password may come here
    api    : answers in JSON and takes bearer tokens too
    """

    path: str
    answer: Callable[[Ask], Response]
    needs: Action | None
    method: str = "GET"
    change_password: bool = False
    api: bool = False
