"""What is doubtful in inputs that can be read: balances, parts and totals, plausible bands, last year, the same thing twice. Computes no account."""
