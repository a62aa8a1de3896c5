"""What may stand in a path: a code of six digits, a year of four."""

from __future__ import annotations

from starlette.convertors import StringConvertor, register_url_convertor


class Code(StringConvertor):
    """A six-digit code."""

    regex = "[0-9]{6}"


class Year(StringConvertor):
    """A year of four digits."""

    regex = "[0-9]{4}"


def register() -> None:
    """Let paths hold `{county:code}` and `{year:year}`."""
    register_url_convertor("code", Code())
    register_url_convertor("year", Year())
