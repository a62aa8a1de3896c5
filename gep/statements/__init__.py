"""Calculations beside an account as they are told: title, what was chosen, tables, sentences, and how each number came about."""
