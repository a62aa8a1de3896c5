"""Tasks that people ask the program to do, one function each: prepare, check, run, sign, find, explain, compensate."""
