"""What a reviewer looks at before signing."""
