"""Inputs nobody wrote, for everything that reads what a scanned project or a cache holds.

``targets`` says what must hold for any bytes; ``mutations`` makes inputs for hypothesis; ``inputs/`` keeps what was found.
"""
