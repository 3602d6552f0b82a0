"""What ``--why`` prints: the answers about the growths on one line."""

from __future__ import annotations

from collections.abc import Iterator

from leaklint.findings import Account, Answer, Explanation, Result
from leaklint.report.escape import visible
from leaklint.report.options import Options
from leaklint.report.paint import CONFIDENCE_COLOURS, Paint
from leaklint.report.places import Places


def render_why(explanation: Explanation, options: Options) -> str:
    """A block for each growth, with an empty line between; where nothing grows, the places next to it."""
    places = Places(Result(root=explanation.root, findings=()), options)
    paint = Paint(options.colour)
    blocks = [_block(account, outcome, places, paint) for account, outcome in explanation.accounts]
    blocks = blocks or [_nothing(explanation, places)]
    return "\n".join("".join(f"{line}\n" for line in block) for block in blocks)


def _block(account: Account, outcome: str, places: Places, paint: Paint) -> Iterator[str]:
    place = paint(places.start(account.primary.path, account.primary.span), bold=True)
    colour = CONFIDENCE_COLOURS[account.confidence] if account.confidence else None
    rule = paint(f"{account.rule} [{account.confidence or 'silent'}]", fg=colour, bold=True)
    yield f"{place}: {rule} `{visible(account.container)}` grows in `{visible(account.qualname)}`"
    width = max(len("outcome"), *(len(answer.question) for answer in account.answers))
    for answer in account.answers:
        yield f"  {answer.question:{width}}  {_words(answer, places)}"
    yield f"  {'outcome':{width}}  {visible(outcome)}"


def _words(answer: Answer, places: Places) -> str:
    proof = "" if answer.proof == "proven" else f" [{answer.proof}]"
    if answer.place is None:
        return visible(answer.value) + proof
    label = f" {visible(answer.place.label)}" if answer.place.label else ""
    return f"{visible(answer.value)}{proof} ({places.start(answer.place.path, answer.place.span)}{label})"


def _nothing(explanation: Explanation, places: Places) -> Iterator[str]:
    yield f"{places.point(explanation.path, explanation.line)}: nothing grows on this line"
    if not explanation.nearest:
        yield "  nothing grows in this file"
    for site in explanation.nearest:
        yield f"  {places.start(site.path, site.span)}: `{visible(site.label)}` grows here"
