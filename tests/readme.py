"""The parts of documents that are made from the program: in README.md the report of the example server and the table of
rules, in docs/how-it-decides.md the answers about one line of that server.

    python -m tests.readme --write

writes them; without ``--write`` it only says whether they are up to date (exit status 1 if not).
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from leaklint.catalog.pages import pages

CHECKOUT = Path(__file__).parent.parent
README = CHECKOUT / "README.md"
DECIDES = CHECKOUT / "docs" / "how-it-decides.md"


def command(word: str) -> str:
    """The README's one-line command that holds ``word``."""
    return next(line for line in README.read_text().splitlines() if line.startswith("python3 -m venv") and word in line)


def report() -> str:
    """What the README's first command prints on standard output, as a block."""
    return _printed(command("leaklint check").split(" && ")[-1])


def answers() -> str:
    """What the command in docs/how-it-decides.md prints, as a block."""
    found = re.search(r"^`(leaklint .*--why .*)`", DECIDES.read_text(), re.MULTILINE)
    assert found
    return _printed(found[1])


def _printed(line: str) -> str:
    run = subprocess.run(
        [sys.executable, "-m", "leaklint", *line.split()[1:]],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    )
    return f"```text\n{run.stdout.rstrip()}\n```\n"


def rules() -> str:
    """The table of the rules that find leaks."""
    rows = (
        f"| [{page.id}](rules/{page.id}-{page.name}.md) | `{page.name}` | {page.title} |\n"
        for page in pages()
        if page.id < "LEAK900"
    )
    return "| rule | name | what it reports |\n|---|---|---|\n" + "".join(rows)


def rendered(text: str) -> str:
    """``text``, a README, with its made parts made anew."""
    return _placed(_placed(text, "report", report()), "rules", rules())


def rendered_decides(text: str) -> str:
    """``text``, that of docs/how-it-decides.md, with its made part made anew."""
    return _placed(text, "answers", answers())


def _placed(text: str, name: str, made: str) -> str:
    part = re.compile(rf"(<!-- {name}: .*? -->\n).*?(<!-- end of {name} -->)", re.DOTALL)
    return part.sub(lambda found: f"{found[1]}{made}{found[2]}", text)


def main(arguments: list[str]) -> int:
    changed = 0
    for path, make in ((README, rendered), (DECIDES, rendered_decides)):
        text = path.read_text()
        new = make(text)
        changed |= int(new != text)
        if arguments == ["--write"]:
            path.write_text(new)
    return 0 if arguments == ["--write"] else changed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
