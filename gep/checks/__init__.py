"""What is doubtful in inputs that can be read: balances, parts and totals, plausible bands, last year, the same thing twice. Computes no account."""

from gep.checks.check import check_inputs

__all__ = ["check_inputs"]
