"""One account as one file that proves itself."""
