"""`gep`, and `python -m gep`: begins the program, so that who stops it while it is being loaded sees no traceback."""

import gc
import os
import sys


def main() -> None:
    """Run the command line; stopped before it has begun, end with 130 and say nothing: nothing was done."""
    try:
        from gep.cli import main as run

        run(prog_name="gep")
    except KeyboardInterrupt:
        sys.stderr.write("\n")
        sys.stderr.flush()
        os._exit(130)  # what was half loaded is not asked to tidy up
    finally:
        gc.freeze()  # what is left ends with the process: Python would search all of it for circles, a sixth of a short command


if __name__ == "__main__":
    main()
