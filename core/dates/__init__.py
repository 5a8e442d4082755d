"""Dates as people type them: dues, times, spans, and recurrences."""
