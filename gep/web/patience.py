"""HTTP as uvicorn speaks it, to those who say in time what they want and take what they get: other connections are closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    import asyncio


class PatientProtocol(H11Protocol):
    """Closes a connection whose next request does not begin, whose head does not end, or whose answer is not taken, in time."""

    patience = 20.0
    """Seconds in which the head of a request must have arrived."""
    slowest_reader = 120.0
    """Seconds in which who asked must go on to take the answer."""
    _timer: asyncio.TimerHandle | None = None
    _reader: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Take what arrived; wait on where it is no whole head."""
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._end_waiting()
        elif self._timer is None:
            self._wait()

    def on_response_complete(self) -> None:
        """Begin to wait for the next request of the connection."""
        super().on_response_complete()
        if self._timer is None and not self.transport.is_closing():
            self._wait()

    def pause_writing(self) -> None:
        """Begin to wait for those who do not take what they asked for."""
        super().pause_writing()
        self._reader = self.loop.call_later(self.slowest_reader, self.transport.abort)

    def resume_writing(self) -> None:
        """Stop waiting: they go on."""
        super().resume_writing()
        self._end_waiting_for_reader()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._end_waiting()
        self._end_waiting_for_reader()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._timer = self.loop.call_later(self.patience, self._give_up)

    def _end_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _give_up(self) -> None:
        self._timer = None
        if not self.transport.is_closing():
            self.transport.close()

    def _end_waiting_for_reader(self) -> None:
        if self._reader is not None:
            self._reader.cancel()
            self._reader = None
