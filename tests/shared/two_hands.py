"""Books, reverses and pays as two people do: 张三 registers and prepares, 李四 confirms."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from gep.compensation.booking import Booked
from gep.store.two_people import list_registrations
from gep.tasks.compensate import Compensation
from gep.tasks.two_people import confirm, prepare_booking, prepare_payments, prepare_reversal, register

if TYPE_CHECKING:
    from pathlib import Path

    from gep.compensation.compute import Result
    from gep.compensation.facts import Facts
    from gep.store.store import Store

MAKER, CHECKER = "张三", "李四"


def book(store: Store, result: Result, facts: Facts, reason: str = "", despite: str = "") -> Booked:
    """Register the scheme of a result where it is not, prepare the result, and confirm it."""
    scheme, known = result.ready.scheme, []
    if store.exists:
        with store:
            known = [one.scheme_sha256 for one in list_registrations(store, scheme.id)]
    if result.ready.sha256 not in known:
        register(store, result.ready, MAKER, "测试")
    made = prepare_booking(store, Compensation(result, None, facts), MAKER, reason, despite)
    done = confirm(store, made.number, CHECKER)
    return Booked(done.run or 0, done.count, done.replaced, done.reversed, done.notes)


def reverse(store: Store, run: int, reason: str) -> int:
    """Prepare a reversal and confirm it; return how many postings were reversed."""
    return confirm(store, prepare_reversal(store, run, reason, MAKER).number, CHECKER).count


def record_payments(store: Store, path: Path) -> int:
    """Prepare payments and confirm them; return how many were recorded."""
    return confirm(store, prepare_payments(store, path, MAKER)[0].number, CHECKER).count


def post(gep: Any, *command: str, code: int = 0) -> Said:
    """Register, prepare and confirm on the command line; return what the computing command printed, and on stderr what all did.

    Parameters
    ----------
    command : `compensate SCHEME YEAR ...`, without --post
    code    : of the preparing command
    """
    store = () if "--store" in command else ("--store", gep.store)
    desk = command[command.index("--store") : command.index("--store") + 2] if "--store" in command else store
    gep.try_out("scheme", "register", command[1], "--by", MAKER, "--reason", "测试", *desk)
    made = gep(*command, "--post", "--by", MAKER, *store, code=code)
    found = re.findall(r"gep transfers --confirm (\d+)", made.stderr) if not code else []
    done = [gep("transfers", "--confirm", number, "--by", CHECKER, *desk) for number in found]
    return Said(made.stdout, "".join([made.stderr, *(one.stdout + one.stderr for one in done)]))


class Said:
    """What the commands printed."""

    def __init__(self, stdout: str, stderr: str) -> None:
        self.stdout, self.stderr = stdout, stderr
