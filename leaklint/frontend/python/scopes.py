"""Which names belong to a function, and what a class body has collected so far."""

from __future__ import annotations

from leaklint.facts import Display, Expr, Field, Name, Span, Star


class Frame:
    """The function (or module body) whose statements are being lowered.

    ``bound`` are the names assigned in it, ``elsewhere`` those its ``global`` and ``nonlocal`` statements disown, and
    ``of_module`` those of them that are ``global``. Variables of comprehensions, and of loops and imports straight in a
    class body, count as names of the function around: what uses them is lowered into it. Names are not mangled.
    """

    def __init__(self, index: int, qualname: str) -> None:
        self.index = index
        self.qualname = qualname
        self.bound: set[str] = set()
        self.elsewhere: set[str] = set()
        self.of_module: set[str] = set()
        self.is_generator = False

    def bind(self, target: Expr) -> None:
        """Notes the names an assignment to ``target`` binds; attributes and items bind none."""
        if isinstance(target, Name):
            self.bound.add(target.id)
        elif isinstance(target, Star):
            self.bind(target.value)
        elif isinstance(target, Display):
            for item in target.items:
                self.bind(item)

    def locals(self) -> tuple[str, ...]:
        """The names that belong to this function, sorted."""
        return tuple(sorted(self.bound - self.elsewhere))


class ClassBody:
    """A class whose body is being lowered: its assignments become fields and its functions methods."""

    def __init__(self, index: int, qualname: str) -> None:
        self.index = index
        self.qualname = qualname
        self.fields: list[Field] = []
        self.methods: list[int] = []

    def add_field(self, name: str, value: Expr | None, annotation: Expr | None, span: Span) -> None:
        """Adds a class attribute: one for all instances."""
        self.fields.append(Field(name, value, annotation, True, span))
