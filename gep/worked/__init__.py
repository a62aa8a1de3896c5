"""Calculations that stand beside an account: figures somebody gave, rules in the one language over them, each result explained."""
