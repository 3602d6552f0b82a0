"""The Python front end: source -> FileFacts, by LibCST, for every Python from 3.8 on, whatever runs it.

Parse, one code generation that records places, one walk by a table from node type to function. In reading order:
``parse``, ``positions``, ``lowering`` (what the walk carries along) with ``scopes``, then what each kind of syntax
becomes: ``expressions`` (with ``literals``, ``annotations``), ``statements`` (with ``imports``, ``patterns``),
``definitions``. ``comments`` finds the directives.
"""

from leaklint.frontend.python.extraction import extract

__all__ = ["extract"]
