"""What may stand in a path: the code of a division or the id of an accounting unit, a year of four digits or a period of years."""

from __future__ import annotations

from starlette.convertors import StringConvertor, register_url_convertor

RESERVED = (
    "alerts",
    "api",
    "backup",
    "begin",
    "deadlines",
    "fonts",
    "jobs",
    "journal",
    "knowledge",
    "language",
    "login",
    "logout",
    "money",
    "password",
    "people",
    "province",
    "review",
    "session",
    "settings",
    "static",
    "tables",
    "tokens",
)
"""What paths begin with that are of no place; a unit with such an id is found under its name alone."""


class Code(StringConvertor):
    """A six-digit code, or the id of a unit of somebody's own."""

    regex = rf"(?!(?:{'|'.join(RESERVED)})(?:/|$))[\w][\w.-]{{0,39}}"


class Year(StringConvertor):
    """A year of four digits, or a period of several."""

    regex = "[0-9]{4}(?:-[0-9]{4})?"


def register() -> None:
    """Let paths hold `{county:code}` and `{year:year}`."""
    register_url_convertor("code", Code())
    register_url_convertor("year", Year())
