"""Which schemes may post: those registered in the store with this very text, and replaced by no later version."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

from gep.compensation.reading import check_document, list_scheme_files, list_scheme_ids, read_scheme
from gep.files.written_names import fold_id
from gep.files.yaml_lines import Document
from gep.messages.problems import Problem, refuse_one
from gep.messages.texts import join_list, say
from gep.store.two_people import Registration

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from gep.compensation.checked import CheckedScheme

SHORT = 16
"""Digits of a hash that are shown."""


def describe_registration(ready: CheckedScheme, who: str, at: datetime, reason: str) -> Registration:
    """Return what is to be kept of a scheme that is registered; its number is given by the store."""
    scheme = ready.scheme
    legal = "\n".join(f"[{one.mark}] {one.title} {one.number}（{one.issuer}，{one.date}）{one.locator}" for one in scheme.legal)
    return Registration(
        0,
        at,
        who,
        scheme.id,
        scheme.version,
        scheme.title.zh,
        legal,
        scheme.effective.from_,
        scheme.effective.to,
        ready.sha256,
        ready.document.text,
        json.dumps(ready.document.content, ensure_ascii=False, default=str),
        reason,
    )


def read_registered(one: Registration) -> CheckedScheme:
    """Return a scheme as it was registered, ready to be computed.

    Raises
    ------
    Problems : this program does not take its text any more
    """
    content = {**json.loads(one.scheme_text), "extends": ""}
    return check_document(Document(f"{one.scheme} {one.scheme_version}", one.written_text, content, {}))


def find_obstacles(ready: CheckedScheme, known: Sequence[Registration], reason: str) -> list[Problem]:
    """Return why a scheme cannot be registered beside those that are.

    Parameters
    ----------
    known  : all registrations, of other schemes too
    reason : why the text is changed; needed where the days of a version overlap those of a registered one
    """
    scheme, where = ready.scheme, ready.document.file
    line = ready.document.line(("id",))
    shipped = [one for one in list_scheme_ids() if fold_id(one) == fold_id(scheme.id)]
    if shipped and not any(
        read_scheme(path).sha256 == ready.sha256
        for path in list_scheme_files()
        if f"id: {shipped[0]}\n" in path.read_text("utf-8")
    ):
        found = say("{name} is {text}, which is kept for the scheme that comes with the program", name="id", text=scheme.id)
        return [Problem(where, line, found, "another one", "give the scheme a name of its own")]
    twin = next((one for one in known if one.scheme != scheme.id and fold_id(one.scheme) == fold_id(scheme.id)), None)
    if twin is not None:
        found = say("the id {id} looks like {other}, which is registered", id=scheme.id, other=twin.scheme)
        return [Problem(where, line, found, "an id that nobody takes for another")]
    same = next((one for one in known if (one.scheme, one.scheme_version) == (scheme.id, scheme.version)), None)
    if same is not None and same.scheme_sha256 == ready.sha256:
        found = say(
            "{id} {version} is registered already, number {number} of {day:%Y-%m-%d} by {who}",
            id=scheme.id,
            version=scheme.version,
            number=same.registration,
            day=same.registered_at,
            who=same.who,
        )
        return [Problem(where, 0, found, "a scheme that is not registered yet")]
    if same is not None:
        return [_changed(ready, same)]
    replaced = [one.scheme_version for one in known if one.scheme == scheme.id and _overlap(ready, one)]
    if replaced and not reason:
        found = say(
            "{id} {version} takes the place of {others} on days that both rule",
            id=scheme.id,
            version=scheme.version,
            others=join_list(replaced),
        )
        return [Problem(where, ready.document.line(("version",)), found, "--reason TEXT", "why the text was changed")]
    return []


def find_registration(ready: CheckedScheme, known: Sequence[Registration]) -> Registration:
    """Return the registration that lets a scheme post.

    Parameters
    ----------
    known : the registrations of the scheme's id

    Raises
    ------
    Problems : it is not registered, its text is another, or a later version rules the same days
    """
    scheme = ready.scheme
    same = [one for one in known if one.scheme_version == scheme.version]
    if not same:
        refuse_one(
            "--post",
            say("{id} {version} is not registered in the store", id=scheme.id, version=scheme.version),
            "a registered scheme",
            say("gep scheme register {file} --by NAME", file=ready.document.file),
        )
    if same[0].scheme_sha256 != ready.sha256:
        one = _changed(ready, same[0])
        refuse_one("--post", one.found, one.expected, one.hint)
    later = next((one for one in known if one.registration > same[0].registration and _overlap(ready, one)), None)
    if later is not None:
        refuse_one(
            "--post",
            say(
                "{id} {version} was replaced by {later} on {day:%Y-%m-%d}: {reason}",
                id=scheme.id,
                version=scheme.version,
                later=later.scheme_version,
                day=later.registered_at,
                reason=later.reason,
            ),
            say("version {version}", version=later.scheme_version),
        )
    return same[0]


def _changed(ready: CheckedScheme, registered: Registration) -> Problem:
    scheme = ready.scheme
    found = say(
        "the text of {id} {version} is not the one registered as number {number} on {day:%Y-%m-%d} by {who}: {digest}, registered {other}",
        id=scheme.id,
        version=scheme.version,
        number=registered.registration,
        day=registered.registered_at,
        who=registered.who,
        digest=ready.sha256[:SHORT],
        other=registered.scheme_sha256[:SHORT],
    )
    hint = say("gep scheme register {file} --by NAME --reason TEXT", file=ready.document.file)
    return Problem(ready.document.file, ready.document.line(("version",)), found, "a changed text has a version of its own", hint)


def _overlap(ready: CheckedScheme, other: Registration) -> bool:
    one = ready.scheme.effective
    return (other.in_force_to or date.max) >= one.from_ and (one.to or date.max) >= other.in_force_from
