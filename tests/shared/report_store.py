"""Small accounts that tests of reports make of a few rows."""

from __future__ import annotations

from pathlib import Path

from gep.store.saving import save
from gep.tasks.run import run_account


def write_inputs(folder: Path, *rows: str) -> Path:
    """Return a file of inputs."""
    path = folder / "inputs.csv"
    path.write_text(
        "county,year,variable,ecosystem,product,value,unit,source,note\n" + "".join(f"{row}\n" for row in rows), "utf-8"
    )
    return path


def stored(folder: Path, *rows: str) -> Path:
    """Return a store with the accounts of some rows."""
    path = folder / "gep.duckdb"
    save(run_account([write_inputs(folder, *rows)]), path)
    return path
