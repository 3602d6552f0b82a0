"""``import leaklint``: what it offers is there, documented and typed."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import leaklint
from tests.cli.leaky import LEAKY

CHECKOUT = Path(__file__).parent.parent.parent
PROGRAM = """\
import leaklint

settings = leaklint.Settings(min_confidence="high", isolated=True, since="")
result: leaklint.Result = leaklint.analyze(["."], settings)
findings: tuple[leaklint.Finding, ...] = result.findings
reveal_type(findings[0].primary.span.line)
leaklint.analyze(["."], 3)
leaklint.nothing
"""


def test_everything_that_is_offered_is_there_and_documented() -> None:
    for name in leaklint.__all__:
        offered = getattr(leaklint, name)
        assert name == "__version__" or offered.__doc__, name
    with pytest.raises(AttributeError):
        leaklint.nothing  # noqa: B018


def test_a_run_from_python(tmp_path: Path) -> None:
    (tmp_path / "server.py").write_text(LEAKY)
    result = leaklint.analyze([str(tmp_path)])
    assert [(finding.rule, finding.primary.path) for finding in result.findings] == [("LEAK002", "server.py")]
    with pytest.raises(leaklint.NoSuchPath):
        leaklint.analyze([str(tmp_path / "nowhere")])
    with pytest.raises(leaklint.BaselineError):
        leaklint.analyze([str(tmp_path)], leaklint.Settings(baseline=str(tmp_path / "nowhere")))
    with pytest.raises(leaklint.SinceError):
        leaklint.analyze([str(tmp_path)], leaklint.Settings(since="HEAD"))
    (tmp_path / "leaklint.toml").write_text("selct = 1")
    with pytest.raises(leaklint.ConfigurationError):
        leaklint.analyze([str(tmp_path)])
    (tmp_path / "empty").mkdir()
    with pytest.raises(leaklint.NoSource):
        leaklint.analyze([str(tmp_path / "empty")], leaklint.Settings(isolated=True))


def test_what_is_documented_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "server.py").write_text(LEAKY)
    monkeypatch.chdir(tmp_path)
    (program,) = re.findall(
        r"```python\n(import leaklint.*?)```", (CHECKOUT / "docs/integrations.md").read_text(), re.DOTALL
    )
    exec(program, {})  # noqa: S102
    assert capsys.readouterr().out.startswith("LEAK002 server.py 9 ")


def test_types_reach_those_who_use_it(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(PROGRAM)
    assert (Path(leaklint.__file__).parent / "py.typed").exists()
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "kept"), "program.py"]
    environment = {"MYPYPATH": str(Path(leaklint.__file__).parent.parent)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    said = [line.split(": ", 1)[1] for line in done.stdout.splitlines() if line.startswith("program.py:")]
    assert len(said) == 3, done.stdout
    assert "int" in said[0]
    assert 'incompatible type "int"' in said[1]
    assert 'no attribute "nothing"' in said[2]
