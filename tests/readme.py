"""The parts of README.md that are made from the program: the report of the example server and the table of rules.

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


def command(word: str) -> str:
    """The README's one-line command that holds ``word``."""
    return next(line for line in README.read_text().splitlines() if line.startswith("python3 -m venv") and word in line)


def report() -> str:
    """What the README's first command prints on standard output, as a block."""
    arguments = command("leaklint check").split(" && ")[-1].split()[1:]
    run = subprocess.run(
        [sys.executable, "-m", "leaklint", *arguments], cwd=CHECKOUT, capture_output=True, text=True, check=True
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


def _placed(text: str, name: str, made: str) -> str:
    part = re.compile(rf"(<!-- {name}: .*? -->\n).*?(<!-- end of {name} -->)", re.DOTALL)
    return part.sub(lambda found: f"{found[1]}{made}{found[2]}", text)


def main(arguments: list[str]) -> int:
    text = README.read_text()
    new = rendered(text)
    if arguments == ["--write"]:
        README.write_text(new)
        return 0
    return int(new != text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
