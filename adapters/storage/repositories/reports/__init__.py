"""Figures for reports, added up by the database."""
