"""The rows of the table: what is measured, against what, and what it may cost at most."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.bench.corpora import Corpus
from tests.bench.measure import Command, Cost, alternately, python

CLICK = python("-c", "import click")
_PARSE_ONLY = str(Path(__file__).with_name("parse_only.py"))
_SHARE = str(Path(__file__).with_name("share.py"))
_LINES_OF_ONE_FILE = 300


class Row(NamedTuple):
    """A measure, its corpus, the ratio and the most it may be (0: told only)."""

    measure: str
    corpus: str
    ratio: float
    most: float


class Bench:
    """Measures ``corpora`` (by size) with files of its own in ``scratch``."""

    def __init__(self, scratch: Path, corpora: dict[str, Corpus], rounds: int, large_rounds: int) -> None:
        self.corpora = corpora
        self._scratch = scratch
        self._rounds = rounds
        self._large_rounds = large_rounds

    def rows(self) -> Iterator[Row]:
        """All rows, measured one after the other."""
        yield from self._start()
        yield from self._single()
        yield from self._warm("medium", 2)
        yield from self._changed()
        medium = self._cold("medium")
        yield from medium.rows
        yield from self._typescript()
        yield from self._warm("large", 4)
        large = self._cold("large")
        yield from large.rows
        lines = self.corpora["large"].lines / self.corpora["medium"].lines
        yield Row("processor time a line, against that on medium", "large", large.cpu / medium.cpu / lines, 1.3)

    def _start(self) -> Iterator[Row]:
        commands = {"click": Command(CLICK)}
        commands |= {word: Command(python("-m", "leaklint", word)) for word in ("--version", "--help")}
        costs = alternately(commands, self._rounds * 3)
        for word in ("--version", "--help"):
            yield Row(f"`{word}`, against `import click`", "", costs[word].cpu / costs["click"].cpu, 1.5)

    def _single(self) -> Iterator[Row]:
        project = self._scratch / "single"
        project.mkdir()
        files = self.corpora["medium"].files
        chosen = min(files, key=lambda file: abs(file.read_bytes().count(b"\n") - _LINES_OF_ONE_FILE))
        shutil.copy(chosen, project / "server.py")
        costs = alternately(
            {"click": Command(CLICK), "leaklint": Command(self._check(project / "server.py", "--no-cache"))},
            self._rounds,
        )
        name = f"one file of {_LINES_OF_ONE_FILE} lines, no cache, against `import click`"
        yield Row(name, "", costs["leaklint"].cpu / costs["click"].cpu, 8)

    def _warm(self, size: str, most: float) -> Iterator[Row]:
        line = self._check(self.corpora[size].root, "--cache-dir", str(self._scratch / f"cache-{size}"))
        alternately({"fill": Command(line)}, 1)
        costs = alternately({"click": Command(CLICK), "warm": Command(line)}, self._rounds)
        yield Row(
            "nothing changed, warm cache, against `import click`", size, costs["warm"].cpu / costs["click"].cpu, most
        )

    def _changed(self) -> Iterator[Row]:
        corpus = self.corpora["medium"]
        median = sorted(corpus.files, key=lambda file: file.stat().st_size)[len(corpus.files) // 2]
        cache = ("--cache-dir", str(self._scratch / "cache-medium"))

        def edit() -> None:
            """One more function, with a name of its own, at the end of the file."""
            text = median.read_bytes()
            median.write_bytes(text + b"\n\ndef changed_%d(value):\n    return [value]\n" % len(text))

        commands = {
            "click": Command(CLICK),
            "project": Command(self._check(corpus.root, *cache), edit),
            "hook": Command(self._check(median, *cache), edit),
        }
        costs = alternately(commands, self._rounds)
        yield Row(
            "one file changed, the whole project's answer, against `import click`",
            "medium",
            costs["project"].cpu / costs["click"].cpu,
            10,
        )
        yield Row(
            "hook on one changed file, against `import click`", "medium", costs["hook"].cpu / costs["click"].cpu, 10
        )

    def _cold(self, size: str) -> _Cold:
        root = self.corpora[size].root
        share = self._scratch / "share"
        commands = {
            "parse": self._parse(size),
            "one": Command(self._check(root, "--no-cache", "--jobs", "1")),
            "default": Command(self._check(root, "--no-cache"), sampled=True),
            "share": Command(python(_SHARE, str(share), *self._check(root, "--no-cache", "--jobs", "1")[3:])),
        }
        if shutil.which("semgrep"):
            commands["semgrep"] = self._semgrep(root)
        costs = alternately(commands, self._large_rounds if size == "large" else min(self._rounds, 3))
        rows = list(_cold_rows(size, costs))
        rows.append(Row("part of it that links and judges", size, float(share.read_text()), 0.25))
        return _Cold(rows, costs["one"].cpu)

    def _typescript(self) -> Iterator[Row]:
        one = Command(self._check(self.corpora["ts"].root, "--no-cache", "--jobs", "1"))
        costs = alternately({"parse": self._parse("ts"), "one": one}, self._rounds)
        yield Row("cold, `--jobs 1`, against a bare tree-sitter parse", "ts", costs["one"].cpu / costs["parse"].cpu, 2)

    def _parse(self, size: str) -> Command:
        names = self._scratch / f"files-{size}"
        names.write_text("".join(f"{file}\n" for file in self.corpora[size].files))
        return Command(python(_PARSE_ONLY, str(names)))

    def _semgrep(self, root: Path) -> Command:
        rules = Path(__file__).parent.parent / "score" / "semgrep.yml"
        options = ("--config", str(rules), "--metrics", "off", "--disable-version-check", "--jobs", "2")
        return Command(("semgrep", "scan", *options, str(root)))

    def _check(self, path: Path, *options: str) -> tuple[str, ...]:
        return python("-m", "leaklint", "check", "--isolated", *options, str(path))


class _Cold(NamedTuple):
    rows: list[Row]
    cpu: float


def _cold_rows(size: str, costs: dict[str, Cost]) -> Iterator[Row]:
    parse, one, default = costs["parse"], costs["one"], costs["default"]
    yield Row("cold, `--jobs 1`, processor time, against a bare parse", size, one.cpu / parse.cpu, 2.0)
    yield Row("cold, default jobs, wall time, against a bare parse", size, default.wall / parse.wall, 1.3)
    if "semgrep" in costs:
        yield Row("cold, default jobs, wall time, against semgrep", size, default.wall / costs["semgrep"].wall, 1.0)
    yield Row("peak memory, `--jobs 1`, against a bare parse", size, one.resident / parse.resident, 1.5)
    most = 2.5 if size == "large" else 0
    yield Row("peak memory, default jobs, all processes", size, default.together / parse.resident, most)


def measured(bench: Bench) -> str:
    """The table and what it was measured on, now."""
    rows = list(bench.rows())
    sizes = ", ".join(f"{size} {corpus.lines // 1000:,}k lines" for size, corpus in bench.corpora.items())
    missing = [name for corpus in bench.corpora.values() for name in corpus.missing]
    absent = f" Without {', '.join(missing)}: no mirror was there." if missing else ""
    semgrep = "" if any("semgrep" in row.measure for row in rows) else "\nsemgrep was not installed: not compared.\n"
    table = "\n".join(_line(row) for row in rows)
    return _PAGE.format(sizes=sizes, absent=absent, table=table, semgrep=semgrep)


def _line(row: Row) -> str:
    corpus = f"{row.corpus}: " if row.corpus else ""
    most = f"{row.most:g}" if row.most else ""
    return f"| {corpus}{row.measure} | {row.ratio:.2f} | {most} | {'' if not row.most else 'yes' if row.ratio <= row.most else 'no'} |"


_PAGE = """\
Corpora: {sizes}; which repositories and commits stands in `../shared/corpus/repositories.txt`.{absent}

| measure | measured | at most | reached |
|---|---|---|---|
{table}
{semgrep}"""
