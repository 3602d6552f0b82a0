"""Linking: what names mean, what values are, which function calls which."""
