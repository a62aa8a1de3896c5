"""What an administrator may set: rules of passwords and sessions, each with its bounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gep.messages.problems import Problem, refuse
from gep.messages.texts import Name, say
from gep.messages.title import Title
from gep.office.people import CLASSES, LENGTH, read_setting, write_setting
from gep.office.sessions import IDLE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gep.office.database import Office


@dataclass(frozen=True)
class Setting:
    """A whole number that may be set, from `least` to `most`."""

    name: str
    title: Title
    default: int
    least: int
    most: int


SETTINGS = (
    Setting("password_length", Title("密码最少字符数", "fewest characters of a password"), LENGTH, 8, 64),
    Setting(
        "password_classes",
        Title("密码最少字符种类（大写、小写、数字、符号）", "kinds of characters in a password (small, capital, digits, signs)"),
        CLASSES,
        1,
        4,
    ),
    Setting(
        "idle_minutes",
        Title("无操作多少分钟后退出登录", "minutes of rest after which one is logged out"),
        round(IDLE / 60),
        1,
        480,
    ),
    Setting(
        "one_session",
        Title("同一账号同时只能登录一处（1 是，0 否）", "one place at a time to be logged in with an account (1 yes, 0 no)"),
        1,
        0,
        1,
    ),
)


def read_settings(office: Office) -> dict[str, int]:
    """Return name → value of all settings, the default where nobody set one."""
    return {one.name: int(read_setting(office, one.name, one.default)) for one in SETTINGS}


def write_settings(office: Office, given: Mapping[str, str], by: str, address: str = "") -> None:
    """Set what is given and other than before.

    Parameters
    ----------
    given : name → whole number as text; settings that are not named stay

    Raises
    ------
    Problems : every value that is no whole number within its bounds; nothing is set then
    """
    problems = []
    before = read_settings(office)
    for one in SETTINGS:
        text = given.get(one.name, str(before[one.name])).strip()
        if not (text.isascii() and text.isdecimal() and len(text) < 6 and one.least <= int(text) <= one.most):  # noqa: PLR2004 - digits enough for any bound
            found = say("{setting} is {text!r}", setting=Name(one.title.en, one.title.zh), text=text)
            problems.append(
                Problem("SETTING", 0, found, say("a whole number from {least} to {most}", least=one.least, most=one.most))
            )
    refuse(problems)
    for one in SETTINGS:
        text = given.get(one.name, "").strip()
        if text and int(text) != before[one.name]:
            write_setting(office, one.name, str(int(text)), by, address)
