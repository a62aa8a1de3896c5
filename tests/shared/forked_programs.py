"""Programs that begin as copies of one process that has loaded `gep`: each does its command, may be killed, and ends like any other.

What a copy does not do again is to load Python and its libraries, a second of each call; where loading is what is tested, a
process of its own is started.
"""

from __future__ import annotations

import json
import os
import resource
import selectors
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOADED = (
    "pandas",
    "duckdb",
    "pyarrow.parquet",
    "pint",
    "gep.cli",
    "gep.tasks.run",
    "gep.tasks.sign",
    "gep.store.saving",
    "gep.store.walk",
    "gep.commands.accounts",
    "gep.commands.review",
    "gep.commands.encumbrance",
    "gep.encumbrance.register",
)


class Running:
    """A command that was begun, as `subprocess.Popen` shows it."""

    def __init__(self, process: int, files: tuple[int, int, int]) -> None:
        self.pid = process
        self.returncode: int | None = None
        self._said, self._errors, self._ended = files

    def poll(self) -> int | None:
        """Return the exit code, or None while it runs; negative where it was killed."""
        if self.returncode is None:
            with selectors.DefaultSelector() as ready:
                ready.register(self._ended, selectors.EVENT_READ)
                if ready.select(0):
                    self._end()
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal to it, where it still runs."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def communicate(self, timeout: float = 300) -> tuple[str, str]:
        """Wait until it has ended; return what it printed and what it printed as errors.

        Raises
        ------
        TimeoutError : it does not end
        """
        found: dict[int, list[bytes]] = {self._said: [], self._errors: []}
        until = time.monotonic() + timeout
        with selectors.DefaultSelector() as ready:
            for file in found:
                ready.register(file, selectors.EVENT_READ)
            while ready.get_map():
                some = ready.select(until - time.monotonic())
                if not some and time.monotonic() >= until:
                    raise TimeoutError
                for key, _ in some:
                    part = os.read(key.fd, 1 << 16)
                    found[key.fd].append(part)
                    if not part:
                        ready.unregister(key.fd)
                        os.close(key.fd)
        if self.returncode is None:
            self._end()
        said, errors = (b"".join(parts).decode() for parts in found.values())
        return said, errors

    def _end(self) -> None:
        """Read what it ended with: what was killed did not say."""
        code = os.read(self._ended, 8)
        os.close(self._ended)
        self.returncode = int(code) if code else -signal.SIGKILL


class Loaded:
    """The process that has loaded the program and begins commands as copies of itself."""

    def __init__(self) -> None:
        self._ours, theirs = socket.socketpair()
        environment = {**os.environ, "PYTHONUTF8": "1"}
        command = [sys.executable, __file__, str(theirs.fileno())]
        self._process = subprocess.Popen(command, cwd=ROOT, env=environment, pass_fds=(theirs.fileno(),))
        theirs.close()

    def start(self, *arguments: str, limit: int | None = None, memory: int | None = None) -> Running:
        """Begin a command; `limit` is the most bytes that a file of its may have, `memory` those of its addresses."""
        pipes = [os.pipe() for _ in range(3)]
        asked = json.dumps({"arguments": arguments, "limit": limit, "memory": memory, "environment": dict(os.environ)}).encode()
        socket.send_fds(self._ours, [len(asked).to_bytes(4, "big")], [write for _, write in pipes])
        self._ours.sendall(asked)
        for _, write in pipes:
            os.close(write)
        said, errors, ended = (read for read, _ in pipes)
        return Running(int.from_bytes(self._ours.recv(4), "big"), (said, errors, ended))

    def close(self) -> None:
        """End; what it began and still runs goes on."""
        self._ours.close()
        self._process.wait(60)


def begin_each(asked: socket.socket) -> None:
    """Begin each command that is asked for, in a process of its own, until nobody asks any more."""
    for name in LOADED:
        import_module(name)
    while True:
        size, files, _, _ = socket.recv_fds(asked, 4, 3)
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass  # those that have ended
        if not size:
            return
        content = b""
        while len(content) < int.from_bytes(size, "big"):
            content += asked.recv(1 << 16)
        child = os.fork()
        if child == 0:
            asked.close()
            do_command(json.loads(content), files)
        for file in files:
            os.close(file)
        asked.sendall(child.to_bytes(4, "big"))


def do_command(asked: dict[str, object], files: list[int]) -> None:
    """Do one command with its files of output, say what it ended with, and end."""
    said, errors, ended = files
    os.dup2(said, 1)
    os.dup2(errors, 2)
    os.close(said)
    os.close(errors)
    os.environ.clear()
    os.environ.update(asked["environment"])  # type: ignore[call-overload]
    sys.dont_write_bytecode = True  # a file of it cut short by the limit would be read by everybody after
    for name, what in (("limit", resource.RLIMIT_FSIZE), ("memory", resource.RLIMIT_AS)):
        if asked[name]:
            resource.setrlimit(what, (asked[name], asked[name]))  # type: ignore[arg-type]
    code: object = 0
    try:
        from gep.cli import main

        main(asked["arguments"], prog_name="gep")
    except SystemExit as end:
        code = end.code or 0
    except BaseException:  # noqa: BLE001 - told as Python itself tells it
        sys.excepthook(*sys.exc_info())
        code = 1
    with suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    os.write(ended, str(code).encode())
    os._exit(0)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    begin_each(socket.socket(fileno=int(sys.argv[1])))
