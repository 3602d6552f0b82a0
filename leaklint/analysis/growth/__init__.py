"""What grows and shrinks: containers, caches, and the listeners of emitters."""
