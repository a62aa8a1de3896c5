"""Those who send slowly are not waited for: neither heads nor bodies that never end hold the server."""

from __future__ import annotations

import socket
import threading
import time
from typing import TYPE_CHECKING

import pytest
import uvicorn

from gep.paths import TEMPLATES
from gep.web.app import make_app
from gep.web.patience import PatientProtocol

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class _Hasty(PatientProtocol):
    patience = 0.4
    slowest_reader = 0.4


@pytest.fixture(scope="module")
def port(kept_site: Path) -> Iterator[int]:
    """Where a server listens that waits less than half a second."""
    config = uvicorn.Config(
        make_app(kept_site / "gep.duckdb", slowest=0.4), port=0, http=_Hasty, log_level="error", lifespan="off"
    )
    server = uvicorn.Server(config)
    listening = config.bind_socket()
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield int(listening.getsockname()[1])
    server.should_exit = True
    thread.join(timeout=10)


def _talk(port: int, *parts: bytes, pause: float = 0.0) -> bytes:
    """Send parts one after the other and return what comes back until the other side closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        said = b""
        try:
            for part in parts:
                connection.sendall(part)
                time.sleep(pause)
            while received := connection.recv(65536):
                said += received
        except ConnectionError:
            pass
        return said


@pytest.mark.parametrize("head", [b"", b"GET /login HTTP/1.1\r\nHost: a\r\nX-Slow: "])
def test_a_head_that_does_not_end_is_not_waited_for(port: int, head: bytes) -> None:
    began = time.monotonic()
    assert _talk(port, head) == b""
    assert time.monotonic() - began < 5


def test_a_second_head_on_the_same_connection_is_not_waited_for_either(port: int) -> None:
    began = time.monotonic()
    said = _talk(port, b"GET /login HTTP/1.1\r\nHost: a\r\n\r\n", b"GET /login HTTP/1.1\r\nHost: a\r\n", pause=0.3)
    assert said.startswith(b"HTTP/1.1 200")
    assert said.count(b"HTTP/1.1 ") == 1
    assert time.monotonic() - began < 8


def test_a_body_that_does_not_end_is_answered_and_let_go(port: int) -> None:
    head = b"POST /login HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\n"
    said = _talk(port, head + b"a")
    assert said.startswith(b"HTTP/1.1 408")


def test_who_does_not_take_an_answer_is_let_go(port: int) -> None:
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(20)
        connection.connect(("127.0.0.1", port))
        connection.sendall(b"GET /fonts/NotoSansSC-Regular.ttf HTTP/1.1\r\nHost: a\r\n\r\n")
        time.sleep(1.5)
        taken = 0
        while received := connection.recv(65536):
            taken += len(received)
    assert 0 < taken < (TEMPLATES / "fonts/NotoSansSC-Regular.ttf").stat().st_size
