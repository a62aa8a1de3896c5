"""What the person who looks at a county's year does next there, in one sentence, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from gep.messages.texts import Name, say
from gep.office.rights import Role
from gep.variables.declare import DEPARTMENTS

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from gep.messages.texts import Text
    from gep.office.forms import Form


@dataclass(frozen=True)
class NextStep:
    """A sentence, and the page it is done on, below that of the year; empty where there is nothing to do, `/` from the root."""

    text: Text
    page: str = ""


def find_next_step(
    role: Role, department: str, state: str, forms: Sequence[Form] | None, handed_in: Collection[str]
) -> NextStep | None:
    """Return what a person does next with a county's year; None for those who only read.

    Parameters
    ----------
    department : Chinese name of the form of a clerk; empty: all
    state      : of the newest account; empty: nothing was computed yet
    forms      : those of the year, or the own form of a clerk; None where the page does not know them
    handed_in  : Chinese names of the forms that are handed in
    """
    if role is Role.CLERK:
        return _of_clerk(department, state, forms, handed_in)
    if role is Role.ACCOUNTANT:
        return _of_accountant(state, forms, handed_in)
    if role is Role.REVIEWER:
        return _OF_REVIEWER[state]
    return _OF_FINANCE.get(state, _NOT_YET) if role is Role.FINANCE else None


def _of_clerk(department: str, state: str, forms: Sequence[Form] | None, handed_in: Collection[str]) -> NextStep | None:
    if state in {"submitted", "approved"}:
        return _ACCOUNTANT[state] if state == "submitted" else NextStep(say("the account is approved: there is nothing to do"))
    own = next((form for form in forms or () if form.department == department), None)
    if own is None:
        return None
    name = Name(DEPARTMENTS.get(department, department), department)
    if department in handed_in:
        return NextStep(say("the form of {name} is handed in: there is nothing to do unless it is opened again", name=name))
    page = f"form/{quote(department)}"
    if own.filled < own.wanted:
        left = own.wanted - own.filled
        return NextStep(say("fill in the form of {name} ({count} figures to go) and hand it in", name=name, count=left), page)
    return NextStep(say("look through the form of {name} and hand it in", name=name), page)


def _of_accountant(state: str, forms: Sequence[Form] | None, handed_in: Collection[str]) -> NextStep | None:
    if state or forms is None:
        return _ACCOUNTANT.get(state)
    if not any(form.filled for form in forms):
        return NextStep(say("fill in the forms, or take in a filled workbook, and run the account"))
    open_forms = [form for form in forms if form.wanted and form.department not in handed_in]
    left = sum(form.wanted - form.filled for form in open_forms)
    if left:
        text = "{count} figures of {forms} forms are to go; what is empty when the account is run stays missing"
        return NextStep(say(text, count=left, forms=len(open_forms)))
    return NextStep(say("run the account"), "#run")


_ACCOUNTANT = {
    "draft": NextStep(say("look at the result and submit it for review"), "result#submit"),
    "submitted": NextStep(say("the account waits for review: there is nothing to do")),
    "returned": NextStep(say("mend what the reviewer noted, run the account again and submit it"), "review"),
    "approved": NextStep(say("the account is approved: reports are ready to be downloaded"), "result#downloads"),
}
_OF_REVIEWER = {
    "": NextStep(say("nothing is computed here yet: there is nothing to review")),
    "draft": NextStep(say("the county has not submitted it yet: there is nothing to review")),
    "submitted": NextStep(say("look through the account and approve or return it"), "review"),
    "returned": NextStep(say("the account is with the county, which mends and submits it again")),
    "approved": NextStep(say("the account is approved: there is nothing to do")),
}
_NOT_YET = NextStep(say("the account is not approved yet: no money may rest on it"))
_OF_FINANCE = {"approved": NextStep(say("the account is approved: schemes are computed under Money"), "/money")}
