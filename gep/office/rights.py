"""Who may do what, where: one table of roles, and one question."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gep.messages.title import Title
from gep.reference.regions import is_division_code, list_chain, read_own_units, shorten_code


class Action(StrEnum):
    """What a person may be allowed to do."""

    ENTER = "enter"
    READ = "read"
    FILL = "fill"
    RUN = "run"
    SUBMIT = "submit"
    REVIEW = "review"
    READ_MONEY = "read money"
    PREPARE = "prepare"
    CONFIRM = "confirm"
    ADMINISTER = "administer"
    AUDIT = "audit"
    SCHEDULE = "schedule"


class Role(StrEnum):
    """What a person is."""

    CLERK = "clerk"
    ACCOUNTANT = "accountant"
    REVIEWER = "reviewer"
    FINANCE = "finance"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    VIEWER = "viewer"


ROLES = {
    Role.CLERK: Title("部门填报员", "department clerk"),
    Role.ACCOUNTANT: Title("县级核算员", "county accountant"),
    Role.REVIEWER: Title("审核员", "reviewer"),
    Role.FINANCE: Title("财政人员", "finance"),
    Role.ADMINISTRATOR: Title("系统管理员", "administrator"),
    Role.AUDITOR: Title("审计员", "auditor"),
    Role.VIEWER: Title("查阅者", "viewer"),
}

_ALLOWED: dict[Role, frozenset[Action]] = {
    Role.CLERK: frozenset({Action.READ, Action.FILL}),
    Role.ACCOUNTANT: frozenset({Action.READ, Action.FILL, Action.RUN, Action.SUBMIT}),
    Role.FINANCE: frozenset({Action.READ, Action.READ_MONEY, Action.PREPARE, Action.CONFIRM}),
    Role.AUDITOR: frozenset({Action.READ, Action.READ_MONEY, Action.AUDIT}),
    Role.REVIEWER: frozenset({Action.READ, Action.REVIEW, Action.SCHEDULE}),
    Role.ADMINISTRATOR: frozenset({Action.ADMINISTER, Action.AUDIT, Action.SCHEDULE}),
    Role.VIEWER: frozenset({Action.READ}),
}

ALLOWED = {role: allowed | {Action.ENTER} for role, allowed in _ALLOWED.items()}
"""Role → what it may do in its place; a reviewer never edits a figure, an administrator sees none. Everybody may log in and change their password."""


@dataclass(frozen=True)
class Person:
    """Somebody with an account, or a program with a token.

    Attributes
    ----------
    name  : unique, what one logs in with
    shown : the person's own name, as it stands on reports
    place : code of the place, whose beginning all counties below it share: `360121`, `360100`, `360000`; empty: everywhere
    department : Chinese name; empty: all of them
    """

    name: str
    shown: str
    role: Role
    place: str = ""
    department: str = ""
    must_change: bool = False
    active: bool = True

    @property
    def prefix(self) -> str:
        """The beginning that the codes of all places in this person's place share."""
        return cut_zeros(self.place)

    def sees(self, code: str) -> bool:
        """Whether a place lies in this person's place: a unit of somebody's own, in what it lies in by administration."""
        if is_division_code(code) or not self.prefix:
            return code.startswith(self.prefix)
        return any(part == self.place or (part.isdigit() and part.startswith(self.prefix)) for part in list_chain(code))

    @property
    def reach(self) -> str:
        """The beginning of codes under which everything in this person's place is found, units of somebody's own too."""
        return "" if read_own_units() else self.prefix

    def may(self, action: Action, code: str | None = None, department: str | None = None) -> bool:
        """Whether the person may do something: anywhere (no code), in a place, in the form of a department.

        Parameters
        ----------
        code : six-digit code of a place; None: it has none
        department : Chinese name of the department whose form is meant; None: none
        """
        if not self.active or action not in ALLOWED[self.role]:
            return False
        if code is not None and not self.sees(code):
            return False
        return not (action is Action.FILL and department is not None and self.department not in {"", department})


def cut_zeros(code: str) -> str:
    """Return the beginning that the codes of all places inside a place share: `3601` of `360100`, `36` of `360000`."""
    return shorten_code(code)
