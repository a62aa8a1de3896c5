"""Indicators for 综合考核: declared targets, what was reached, the gap, and scores and ranks; a sum never hides what is missing."""
