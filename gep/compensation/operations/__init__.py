"""The money operations of schemes, one file a family; each moves money in a ledger and writes down how."""
