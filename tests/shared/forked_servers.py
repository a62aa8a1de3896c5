"""Servers that begin as copies of one process that has loaded the program: each starts in a moment, serves and dies like any other."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).parents[2]


class Nursery:
    """The process that has loaded the program and begins servers, one after the other."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def begin(self, store: Path) -> tuple[int, int]:
        """Return the process and the port of a new server; the one before must have been killed."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{store}\n")
        self._process.stdin.flush()
        found = {"process": 0, "port": 0}
        while not all(found.values()):
            assert self._process.stdout is not None
            line = self._process.stdout.readline()
            assert line, "the server does not listen"
            if told := re.fullmatch(r"(?:(process) |http://127\.0\.0\.1:)(\d+)/?\n", line):
                found[told[1] or "port"] = int(told[2])
        return found["process"], found["port"]

    def kill(self, process: int) -> None:
        """Kill a server, and know that it is gone."""
        os.kill(process, signal.SIGKILL)
        assert self._process.stdout is not None
        while self._process.stdout.readline() not in {"gone\n", ""}:
            pass

    def close(self) -> None:
        """End; no server is left."""
        self._process.kill()
        self._process.communicate()


def serve_each() -> None:
    """Serve each store that is named, in a process of its own, until somebody kills it."""
    for name in ("uvicorn", "gep.web.app", "gep.web.warming", "gep.web.patience"):
        import_module(name)  # loaded once for all of them
    from gep.web.serving import serve_store

    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            serve_store(Path(line.strip()), "127.0.0.1", 0, None, None, behind_proxy=False, say=tell)
            os._exit(0)
        tell(f"process {child}")
        os.waitpid(child, 0)
        tell("gone")


def tell(what: str) -> None:
    """Tell the tests something, in one piece."""
    os.write(1, f"{what}\n".encode())


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    serve_each()
