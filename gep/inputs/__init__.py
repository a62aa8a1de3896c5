"""From files to validated rows with addresses. Knows no rule."""
