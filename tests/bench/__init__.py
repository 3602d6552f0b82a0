"""How fast leaklint is, as ratios measured in one alternating run; nothing here is a timed test."""
