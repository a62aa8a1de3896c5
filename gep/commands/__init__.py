"""The commands, one file a group: each reads what is asked, calls one function, prints; none contains arithmetic."""
