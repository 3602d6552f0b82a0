"""Writes random small functions ``f(x, c)`` that grow, release, and leave in every way there is.

Their names mean: ``grow(n)`` and ``release()`` are what the analysis asks about, ``safe()`` never raises, ``work()`` may;
``x.c`` is a decision, ``x.many`` an iterable, ``x[0]`` may be absent, ``key in c`` tells whether an entry is there, ``tick()`` ends what would run for ever.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

MODES = ("sync", "async", "generator")
HANDLERS = ("Exception", "BaseException", "", "A", "(A, B)", "CancelledError", "(Exception, CancelledError)")
TESTS = ("x.c", "not x.c", "work()", "key in c", "key not in c", "x[0]", "safe() or x.c")

LEAVES = {
    "sync": (
        "safe()",
        "release()",
        "work()",
        "return",
        "return work()",
        "raise A",
        "raise B()",
        "raise CancelledError",
        "raise y",
        "y = CancelledError",
        "assert x.c",
        "y = x[0]",
        "del x[0]",
        "y, *z = x.many",
        "y = [work() for i in x.many]",
        "y = [release() for i in x.many]",
        "x.c and release()",
        "release() if x.c else work()",
        "safe(release(), work())",
        "safe(work(), release())",
        "h = lambda: release()",
        "h = release",
        "y = {work(): release(), safe(): work()}",
    ),
    "async": ("await work()", "await release()", "return await work()", "y = await safe(work())"),
    "generator": ("yield", "y = yield work()", "yield from x.many"),
}


@dataclass(frozen=True)
class Around:
    """What encloses a statement: how deep it is, whether in a loop, and the names that a handler may raise again."""

    depth: int = 0
    loop: bool = False
    raised: tuple[str, ...] = ()


class Writer:
    """Writes one function of one mode; ``choice`` decides everything (the first options are the simplest)."""

    def __init__(self, choice: random.Random, mode: str) -> None:
        self.choice = choice
        self.mode = mode
        self.growths = 0

    def function(self) -> str:
        """The source text of ``f``."""
        head = "async def" if self.mode == "async" else "def"
        tail = ["    yield"] if self.mode == "generator" else []
        shape = self.one(("mixed", "protected", "wrapped"))
        body = self.block(Around(), 2, 5) if shape == "mixed" else self.indented(getattr(self, shape)(Around(depth=3)))
        return "\n".join([f"{head} f(x, c):", *body, *tail, ""])

    def one(self, options: tuple[str, ...]) -> str:
        return options[self.choice.randrange(len(options))]

    def perhaps(self, percent: int) -> bool:
        return self.choice.randrange(100) >= 100 - percent

    def block(self, around: Around, least: int = 1, most: int = 3) -> list[str]:
        """An indented block of some statements."""
        lines: list[str] = []
        for _ in range(self.choice.randint(least, most)):
            lines.extend(self.statement(around))
        return self.indented(lines)

    def indented(self, lines: list[str]) -> list[str]:
        return [f"    {line}" for line in lines]

    def statement(self, around: Around) -> list[str]:
        if self.perhaps(20) and self.growths < 3:
            return [self.growth()]
        if around.depth < 4 and self.perhaps(45):
            inside = replace(around, depth=around.depth + 1)
            return self.one_of(
                (self.try_, self.protected, self.if_, self.with_, self.for_, self.while_, self.nested), inside
            )
        return [self.leaf(around)]

    def one_of(self, options: tuple, inside: Around) -> list[str]:  # type: ignore[type-arg]
        return options[self.choice.randrange(len(options))](inside)  # type: ignore[no-any-return]

    def grow(self) -> str:
        self.growths += 1
        return f"grow({self.growths})"

    def growth(self) -> str:
        text = self.grow()
        forms = (text, f"y = {text}", f"safe({text}, work())", f"x.c and {text}", f"return {text}")
        return self.one(("await " + text, *forms) if self.mode == "async" else forms)

    def leaf(self, around: Around) -> str:
        if around.loop and self.perhaps(20):
            return self.one(("break", "continue"))
        if around.raised and self.perhaps(40):
            return self.one(around.raised)
        if self.perhaps(25):
            return "release()"
        return self.one((*LEAVES["sync"], *LEAVES.get(self.mode, ()) * (self.mode != "sync") * 3))

    def try_(self, around: Around) -> list[str]:
        lines = ["try:", *self.block(around)]
        handlers = [self.one(HANDLERS) for _ in range(self.choice.randrange(3))]
        for kind in dict.fromkeys(sorted(handlers, reverse=True)):  # the one without a type comes last
            lines.extend(self.handler(kind, around))
        if handlers and self.perhaps(30):
            lines.extend(["else:", *self.block(around)])
        if not handlers or self.perhaps(40):
            lines.extend(["finally:", *self.finally_(around)])
        return lines

    def handler(self, kind: str, around: Around) -> list[str]:
        name = f"e{around.depth}" if kind and self.perhaps(50) else ""
        again = ("raise", f"raise {name}") if name else ("raise",)
        head = f"except {kind}".rstrip() + (f" as {name}:" if name else ":")
        body = self.block(replace(around, raised=again), 1, 2)
        released = ["    release()"] if self.perhaps(50) else []
        left = ["    raise"] if self.perhaps(50) else []
        return [head, *released, *body, *left]

    def finally_(self, around: Around) -> list[str]:
        first = self.one(("release()", "safe()", "if key in c: release()", "if x.c: release()", "work()"))
        body = [f"    {first}"]
        return body if self.perhaps(60) else [*body, *self.block(replace(around, raised=()), 1, 2)]

    def protected(self, around: Around) -> list[str]:
        """A growth, then a short try whose handlers release: what people write who mean to release on every exit."""
        lines = [self.growth(), "try:", *self.indented([self.leaf(around)])]
        if self.perhaps(25):
            lines = ["try:", *self.indented([self.growth(), self.leaf(around)])]
        kinds = [self.one(HANDLERS) for _ in range(self.choice.randint(1, 2))]
        for kind in dict.fromkeys(sorted(kinds, reverse=True)):
            released = self.one(("release()", "release()", self.leaf(around)))
            left = self.one(("raise", "pass", "return", "raise y"))
            lines.extend([f"except {kind}".rstrip() + ":", *self.indented([released, left])])
        if self.perhaps(20):
            lines.extend(["finally:", *self.finally_(around)])
        return [*lines, self.one(("release()", "release()", "safe()"))]

    def wrapped(self, around: Around) -> list[str]:
        """A growth in front of or inside a short loop or context, with a release inside or behind it."""
        inside = [self.leaf(around), self.one(("release()", self.leaf(around)))]
        head = self.one(("for i in x.many:", "while x.c:", "while True:", "with context():", "if x.c:"))
        tick = [] if head.startswith(("with", "if")) else ["tick()"]
        before, inside = ([self.growth()], inside) if self.perhaps(50) else ([], [self.growth(), *inside])
        lines = [*before, head, *self.indented([*tick, *inside])]
        return [*lines, self.one(("release()", "safe()", self.leaf(around)))]

    def if_(self, around: Around) -> list[str]:
        lines = [f"if {self.one(TESTS)}:", *self.block(around)]
        return [*lines, "else:", *self.block(around)] if self.perhaps(50) else lines

    def with_(self, around: Around) -> list[str]:
        word = "async with" if self.mode == "async" and self.perhaps(50) else "with"
        items = self.one(
            ("context()", "releasing()", "context(), releasing()", "releasing() as y", f"context({self.grow()})")
        )
        return [f"{word} {items}:", *self.block(around)]

    def for_(self, around: Around) -> list[str]:
        word = "async for" if self.mode == "async" and self.perhaps(50) else "for"
        over = self.one(("x.many", "work(x.many)", "safe(x.many)", "release()"))
        return self.loop(f"{word} i in {over}:", around)

    def while_(self, around: Around) -> list[str]:
        test = self.one(("x.c", "True", "work()", "x.c and not release()", self.grow(), "key in c"))
        return self.loop(f"while {test}:", around)

    def loop(self, head: str, around: Around) -> list[str]:
        lines = [head, "    tick()", *self.block(replace(around, loop=True))]
        return [*lines, "else:", *self.block(around)] if self.perhaps(25) else lines

    def nested(self, around: Around) -> list[str]:
        return ["def g():", *self.indented(["release()", "return work()"])]


def program(choice: random.Random) -> tuple[str, str]:
    """A mode and the source of a random function."""
    mode = MODES[choice.randrange(len(MODES))]
    return mode, Writer(choice, mode).function()
