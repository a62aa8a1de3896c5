"""What the API offers, as data: each operation once; its document (OpenAPI 3.1) and its routes are made of the same list."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import metadata
from typing import TYPE_CHECKING, Any

from gep.web.programs import strictly
from gep.web.route import Route

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from starlette.responses import Response

    from gep.office.rights import Action
    from gep.web.ask import Ask

PATHS: dict[str, dict[str, Any]] = {
    "county": {"type": "string", "pattern": "^[0-9]{6}$|^[\\w.-]{1,40}$", "example": "361027"},
    "year": {"type": "string", "pattern": "^[0-9]{4}(-[0-9]{4})?$", "example": "2022"},
    "service": {"type": "string", "example": "water_conservation"},
    "table": {"type": "string", "description": "as it was answered when the table was sent"},
}
ANSWERS = {
    "200": "done",
    "401": "no token, or one that has ended",
    "403": "not allowed with this role or place",
    "413": "too large",
    "422": "problems: what was found, what was expected, what to do; nothing is stored",
}


@dataclass(frozen=True)
class Operation:
    """One operation of the API.

    Attributes
    ----------
    path  : after `/api/v1`, with {names} of PATHS
    about : one sentence, in English
    query : name → JSON schema of parameters in the address
    body  : JSON schema of what is sent; empty: nothing
    """

    path: str
    about: str
    answer: Callable[[Ask], Response]
    needs: Action
    method: str = "GET"
    query: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)

    @property
    def route(self) -> Route:
        """The route of the platform."""
        path = self.path.replace("{county}", "{county:code}").replace("{year}", "{year:year}")
        return Route(f"/api/v1{path}", strictly(self.answer, self.query, self.body), self.needs, self.method, api=True)


def make_document(operations: Iterable[Operation]) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of operations."""
    paths: dict[str, dict[str, Any]] = {}
    for one in operations:
        names = [name for name in PATHS if f"{{{name}}}" in one.path]
        parameters: list[dict[str, Any]] = [
            {"name": name, "in": "path", "required": True, "schema": PATHS[name]} for name in names
        ]
        parameters += [{"name": name, "in": "query", "schema": dict(schema)} for name, schema in one.query.items()]
        found: dict[str, Any] = {
            "operationId": f"{one.method.lower()}{one.path.replace('/', '_').translate({ord('{'): None, ord('}'): None})}",
            "summary": one.about,
            "parameters": parameters,
            "responses": {status: {"description": text} for status, text in ANSWERS.items()},
        }
        if one.method == "POST":
            found["parameters"].append(
                {"name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "maxLength": 200}}
            )
            found["requestBody"] = {
                "required": True,
                "content": {"application/json": {"schema": dict(one.body) or {"type": "object"}}},
            }
        paths.setdefault(one.path, {})[one.method.lower()] = found
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "GEP",
            "version": metadata.version("gep"),
            "description": "Accounts, inputs and postings of the platform. Money is in CNY, postings in fen; a value that is missing is null, never 0.",
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}],
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        "paths": paths,
    }
