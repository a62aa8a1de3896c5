"""Who works with a store and what they type: people, sessions, drafts, the journal; in SQLite beside the store."""
