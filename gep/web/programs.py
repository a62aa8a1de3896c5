"""What programs send to the API and are answered: bodies read, values written as JSON, a writing done once however often it is sent."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from gep.messages.plain import write_json_text
from gep.messages.problems import Problem, refuse, refuse_one
from gep.messages.texts import join_list, say
from gep.office.answered import begin_answer, end_answer
from gep.office.drafts import LONGEST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from gep.web.ask import Ask

ALWAYS = ("lang",)
"""Parameters that every address takes."""
MOST_SAID = 200
"""Unknown fields that one answer names."""


def give(value: object, status: int = 200) -> Response:
    """Return a value, with the dataclasses in it, as JSON."""
    return Response(write_json_text(_unfold(value)), status, media_type="application/json")


def _unfold(value: Any) -> Any:
    """Return a value with the dataclasses in it as dicts."""
    if is_dataclass(value):
        return {one.name: _unfold(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, dict):
        return {str(name): _unfold(one) for name, one in value.items()}
    return [_unfold(one) for one in value] if isinstance(value, list | tuple | set | frozenset) else value


def read_count(ask: Ask, name: str, least: int, most: int, default: int) -> int:
    """Return a whole number of the query.

    Raises
    ------
    Problems : it is none, or out of bounds
    """
    text = ask.query.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) < 12 and least <= int(text) <= most):  # noqa: PLR2004 - digits of any such number
        refuse_one(
            name,
            say("{name} is {text!r}", name=name, text=text[:40]),
            say("a whole number from {least} to {most}", least=least, most=most),
        )
    return int(text)


def read_body(ask: Ask) -> dict[str, Any]:
    """Return the object that was sent.

    Raises
    ------
    Problems : it is no JSON object
    """
    try:
        found = json.loads(ask.body or b"{}", object_pairs_hook=_take_once)
        if b"\\u" in ask.body:
            json.dumps(found, ensure_ascii=False).encode()  # half a letter is none
    except (ValueError, RecursionError):
        refuse_one("BODY", "the body is no JSON", "a JSON object")
    if not isinstance(found, dict):
        refuse_one("BODY", "the body is no JSON object", "a JSON object")
    return found


def _take_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object; a name that it has twice would leave one value without effect."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError
    return found


def strictly(
    answer: Callable[[Ask], Response], query: Mapping[str, object], body: Mapping[str, Any]
) -> Callable[[Ask], Response]:
    """Return what answers an operation and refuses parameters and fields that it does not know: they would have no effect.

    Parameters
    ----------
    query : the parameters of its address, by name
    body  : JSON schema of what is sent; empty: nothing
    """

    def answer_strictly(ask: Ask) -> Response:
        wrong = [_unknown(name, "", [*query, *ALWAYS]) for name in ask.query if name not in query and name not in ALWAYS]
        if body and ask.body:
            wrong += list(_list_unknown(read_body(ask), body, ""))
        refuse(wrong[:MOST_SAID])
        return answer(ask)

    return answer_strictly


def _list_unknown(sent: object, schema: Mapping[str, Any], at: str) -> Iterator[Problem]:
    """Yield the fields that a schema does not name, wherever they stand."""
    known = schema.get("properties")
    if isinstance(sent, dict) and known is not None:
        yield from (_unknown(str(name), at, known) for name in sent if name not in known)
        for name, part in known.items():
            yield from _list_unknown(sent.get(name), part, f"{at}{name}.")
    elif isinstance(sent, list) and "items" in schema:
        for number, one in enumerate(sent):
            yield from _list_unknown(one, schema["items"], f"{at.removesuffix('.')}[{number}].")


def _unknown(name: str, at: str, known: Iterable[str]) -> Problem:
    return Problem(
        f"{at}{name[:40]}", 0, say("there is no field {name!r}", name=name[:40]), say("one of {names}", names=join_list(known))
    )


def read_text(body: dict[str, Any], name: str) -> str:
    """Return a text of what was sent; empty where it is absent.

    Raises
    ------
    Problems : it is no text, or too long
    """
    value = body.get(name, "")
    if not isinstance(value, str) or len(value) > LONGEST or "\x00" in value:
        refuse_one(name, say("{name} is no text of at most {count} characters", name=name, count=LONGEST))
    return value.strip()


def once(work: Callable[[Ask], object]) -> Callable[[Ask], Response]:
    """Return what answers a writing operation: with a key of the program it is done once, however often it is sent."""

    def answer(ask: Ask) -> Response:
        if not ask.key:
            return give(work(ask))
        request = hashlib.sha256(f"{ask.url}\n".encode() + ask.body).hexdigest()
        before = begin_answer(ask.office, ask.who.name, ask.key, request)
        if before is not None:
            return Response(before[1], before[0], media_type="application/json")
        try:
            text = write_json_text(work(ask))
        except BaseException:
            end_answer(ask.office, ask.who.name, ask.key, 0, "")
            raise
        end_answer(ask.office, ask.who.name, ask.key, 200, text)
        return Response(text, media_type="application/json")

    return answer
