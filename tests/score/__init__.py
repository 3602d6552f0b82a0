"""Accuracy on labelled real code: leaklint and other linters on the same places, as the tables of docs/precision.md."""
