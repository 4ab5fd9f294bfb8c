"""Checks of `data/labeled`: form, labels, duplicates, balance, agreement of two readings."""
