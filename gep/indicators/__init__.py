"""Indicators for 综合考核: declared targets, figures, gaps, scores and ranks; what is missing is named and never counted as zero."""
