"""Linking and judging: facts in, findings out."""
