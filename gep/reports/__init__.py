"""Reports of stored accounts: one content, many forms."""
