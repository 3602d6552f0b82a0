"""The questions asked of every growth: who holds it, from what set are its keys, what bounds it, what releases it."""
