"""What is reported about suppressions themselves: LEAK900, LEAK901 and LEAK902."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from leaklint.catalog.pages import pages
from leaklint.facts import Directive, FileFacts
from leaklint.findings import Finding, Site
from leaklint.spelling import nearest
from leaklint.suppressions.comments import Suppression

UNUSED, UNKNOWN, WITHOUT_REASON = "LEAK900", "LEAK901", "LEAK902"
ABOUT_SUPPRESSIONS = frozenset({UNUSED, UNKNOWN, WITHOUT_REASON})
"""Rules that no comment suppresses."""


def unreadable(file: FileFacts, directive: Directive) -> Finding:
    """LEAK901 for a comment that has no form we know."""
    return _remark(
        file,
        directive,
        rule=UNKNOWN,
        message=f"`{directive.text}` cannot be read as a suppression",
        why="it suppresses nothing",
        fix="write `leaklint: ignore[RULE] -- reason` or `leaklint: ignore-file[RULE] -- reason`",
        container=directive.text,
    )


def unknown(file: FileFacts, suppression: Suppression) -> Iterator[Finding]:
    """LEAK901 for each word that names no rule."""
    for word in suppression.unknown:
        yield _remark(
            file,
            suppression.directive,
            rule=UNKNOWN,
            message=f"there is no rule `{word}`",
            why="it suppresses nothing",
            fix=_nearest(word) or "name a rule by its id or its name; `leaklint rules` lists them",
            container=f"{suppression.word}[{word}]",
        )


def unused(file: FileFacts, suppression: Suppression, used: Collection[str]) -> Iterator[Finding]:
    """LEAK900 for each rule of ``suppression`` that is not among the ``used`` ones."""
    for rule in suppression.rules:
        if rule in used:
            continue
        where = "in this file" if suppression.whole_file else "here"
        why = f"no finding of {rule}, of any confidence, is {where}"
        one = len(suppression.rules) == 1 and not suppression.unknown
        yield _remark(
            file,
            suppression.directive,
            rule=UNUSED,
            message=f"`{suppression.word}[{rule}]` suppresses nothing",
            why=f"{rule} cannot be suppressed" if rule in ABOUT_SUPPRESSIONS else why,
            fix="delete the comment" if one else f"delete {rule} from the comment",
            container=f"{suppression.word}[{rule}]",
        )


def without_reason(file: FileFacts, suppression: Suppression) -> Finding:
    """LEAK902 for a comment that gives no reason."""
    rules = ", ".join((*suppression.rules, *suppression.unknown))
    return _remark(
        file,
        suppression.directive,
        rule=WITHOUT_REASON,
        message=f"`{suppression.word}[{rules}]` gives no reason",
        why="the configuration asks for one (require-reason)",
        fix="add ` -- ` and what bounds the growth, or why it is meant",
        container=f"{suppression.word}[{rules}]",
    )


def _remark(
    file: FileFacts, directive: Directive, *, rule: str, message: str, why: str, fix: str, container: str
) -> Finding:
    return Finding(
        rule=rule,
        confidence="high",
        message=message,
        why=why,
        fix=fix,
        container=container,
        qualname=_qualname(file, directive.span.line),
        primary=Site(path=file.path, span=directive.span, label="this comment"),
        depends=(file.path,),
    )


def _qualname(file: FileFacts, line: int) -> str:
    """The innermost function around ``line``."""
    around = [f for f in file.functions if f.parent < 0 or f.span.line <= line <= f.end_line]
    return max(around, key=lambda function: function.span.line).qualname


def _nearest(word: str) -> str:
    leaks = [page for page in pages() if page.id not in ABOUT_SUPPRESSIONS]
    near = nearest(word, (name for page in leaks for name in (page.id, page.name)))
    return f"did you mean `{near}`?" if near else ""
