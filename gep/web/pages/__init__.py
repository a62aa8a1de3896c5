"""One file a page: what it asks the engine, and which template shows it. No logic of accounts stands here."""
