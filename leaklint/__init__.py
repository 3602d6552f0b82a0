"""leaklint finds memory leaks in MCP servers before they reach production."""

__version__ = "0.1.0"
