"""`gep`, and `python -m gep`: begins the program, so that who stops it while it is being loaded sees no traceback; and ends it."""

import atexit
import os
import sys
import threading
from contextlib import suppress

TIDY_UP_THEMSELVES = {"multiprocessing", "rasterio", "uvicorn"}
"""Libraries with files, processes or threads of their own, which end as Python ends."""


def main() -> None:
    """Run the command line; stopped before it has begun, end with 130 and say nothing: nothing was done."""
    try:
        from gep.cli import main as run

        run(prog_name="gep")
    except KeyboardInterrupt:
        sys.stderr.write("\n")
        sys.stderr.flush()
        os._exit(130)  # what was half loaded is not asked to tidy up
    except SystemExit as end:
        end_at_once(end.code)
        raise


def end_at_once(code: object) -> None:
    """End the process once all is written that is to be written, where nothing else is left to be done; return where there is.

    Python would search everything that was loaded for objects in circles first, several times: a seventh of a short command.
    """
    watched = sys.getprofile() is not None or sys.gettrace() is not None
    if not isinstance(code, int) or watched or threading.active_count() > 1 or TIDY_UP_THEMSELVES & sys.modules.keys():
        return
    with suppress(Exception):
        atexit._run_exitfuncs()  # noqa: SLF001 - has no public name; multiprocessing ends its processes by it too
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
