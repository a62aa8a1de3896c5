"""Runs the platform as a server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.problems import refuse_one
from gep.messages.texts import say as say_text
from gep.office.database import Office
from gep.office.people import list_people
from gep.office.rights import Role

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def serve_store(
    store: Path,
    host: str,
    port: int,
    certificate: Path | None,
    key: Path | None,
    *,
    behind_proxy: bool,
    say: Callable[[str], object],
) -> None:
    """Serve a store until the process is told to end.

    Parameters
    ----------
    certificate, key : PEM files for TLS; None: plain HTTP, for this machine or behind a proxy
    behind_proxy : whether the address and scheme that a proxy on this machine tells are taken
    say : is given the address, once the server listens

    Raises
    ------
    Problems : no administrator, one of certificate and key alone, plain HTTP for other machines, or a port that is taken
    """
    office = Office(store)
    if not office.exists or not any(one.role is Role.ADMINISTRATOR and one.active for one in list_people(office)):
        refuse_one(
            str(office.path), "the platform has no administrator", "an account that can make others", "gep user add makes one"
        )
    if (certificate is None) != (key is None):
        refuse_one("--certificate", "certificate and key belong together", "both, or neither")
    office.close()
    import uvicorn

    from gep.web.app import ROUTES, make_app
    from gep.web.patience import PatientProtocol
    from gep.web.warming import warm_up

    secure = certificate is not None or behind_proxy
    app = make_app(store, secure=secure)
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        ssl_certfile=certificate,
        ssl_keyfile=key,
        log_level="warning",
        proxy_headers=behind_proxy,
        forwarded_allow_ips="127.0.0.1",
        server_header=False,
        http=PatientProtocol,
        limit_concurrency=1000,
        timeout_keep_alive=15,
    )
    server = uvicorn.Server(config)
    try:
        listening = config.bind_socket()
    except SystemExit:
        refuse_one(
            "--port", say_text("the port {port} is taken or cannot be used", port=port), "a free port", "--port names another"
        )
    with listening:
        address = listening.getsockname()
        say(f"{'https' if certificate else 'http'}://{host}:{address[1]}/")
        app.state.site.ahead.take(warm_up(app.state.site, ROUTES))
        server.run(sockets=[listening])
