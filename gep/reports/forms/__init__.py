"""The forms of a report: PDF, HTML, Word, Excel, JSON, SEEA tables, and what draws in them."""
