"""How code comes to run: entry points, start-up, loops, and which files are no part of a server."""
