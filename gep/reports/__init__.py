"""Reports of stored accounts: one content, many forms. `write_report` is the public function."""

from gep.reports.writing import FORMATS, Options, make, write, write_report

__all__ = ["FORMATS", "Options", "make", "write", "write_report"]
