"""How the program speaks: problems, findings, texts in two languages, lines on a terminal, plain values."""
