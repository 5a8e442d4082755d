"""Figures looked at with libraries of numbers, in processes of their own."""
