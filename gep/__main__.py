"""`python -m gep` is `gep`."""

from gep.cli import main

main(prog_name="gep")
