"""`gep serve`: the platform of a store, in a browser."""

from __future__ import annotations

from pathlib import Path

import click

DEFAULT_PORT = 8360


@click.command()
@click.option(
    "--store",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("outputs/gep.duckdb"),
    show_default=True,
    help="File of accounts.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 lets other machines in.")
@click.option("--port", type=click.IntRange(0, 65535), default=DEFAULT_PORT, show_default=True, help="Port to listen on.")
@click.option(
    "--certificate", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="TLS certificate (PEM), with its chain."
)
@click.option("--key", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Key of the certificate (PEM).")
@click.option("--behind-proxy", is_flag=True, help="A proxy on this machine does TLS; its word on addresses is taken.")
def serve(store: Path, host: str, port: int, certificate: Path | None, key: Path | None, *, behind_proxy: bool) -> None:
    """Start the platform: fill in, check, run, review and pay in a browser.

    It needs an administrator, made by `gep user add`.
    """
    from gep.web.serving import serve_store

    serve_store(store, host, port, certificate, key, behind_proxy=behind_proxy, say=click.echo)
