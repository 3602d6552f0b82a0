"""Front ends: one file in, its facts out."""
