"""Settings of passwords and sessions, and the backup, for the administrator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.problems import Problems
from gep.messages.texts import say
from gep.office.backup import list_backups, make_backup
from gep.office.rights import Action
from gep.office.settings import SETTINGS, read_settings, write_settings
from gep.web.render import go, show
from gep.web.route import Route

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.responses import Response

    from gep.web.ask import Ask


def _show_settings(ask: Ask) -> Response:
    return show(ask, "settings.html", settings=SETTINGS, values=read_settings(ask.office), problems=())


def _keep(ask: Ask) -> Response:
    try:
        write_settings(ask.office, ask.form, ask.who.name, ask.address)
    except Problems as problems:
        given = {**read_settings(ask.office), **{one.name: ask.form[one.name] for one in SETTINGS if one.name in ask.form}}
        return show(ask, "settings.html", 422, settings=SETTINGS, values=given, problems=problems.problems)
    return go(ask, "/settings", "the settings are kept")


def _folder(ask: Ask) -> Path:
    return ask.site.keeper.path.parent / "backups"


def _show_backups(ask: Ask) -> Response:
    return show(ask, "backup.html", backups=list_backups(_folder(ask)), folder=_folder(ask).absolute())


def _back_up(ask: Ask) -> Response:
    made = make_backup(ask.store(), ask.office, _folder(ask), ask.who.name, ask.address)
    return go(ask, "/backup", say("the backup {name} is written", name=made.name))


ROUTES = (
    Route("/settings", _show_settings, Action.ADMINISTER),
    Route("/settings", _keep, Action.ADMINISTER, "POST"),
    Route("/backup", _show_backups, Action.ADMINISTER),
    Route("/backup", _back_up, Action.ADMINISTER, "POST"),
)
