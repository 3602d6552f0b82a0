"""What is said about a configuration that cannot be used: the line, what is wrong, and what was meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from leaklint.config.read import ConfigurationError, read

PAIR = '[[models.pair]]\nacquire = ["a"]\n'


def error(path: Path, text: str) -> tuple[int, str]:
    """The line and the message about a configuration file at ``path`` that holds ``text``."""
    path.write_text(text)
    with pytest.raises(ConfigurationError) as caught:
        read(str(path))
    assert caught.value.path == str(path)
    return caught.value.line, caught.value.message


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('ignore = []\nselct = ["LEAK001"]\n', 2, "unknown key 'selct': did you mean 'select'?"),
        ("# selct\nselct = 1\n", 2, "unknown key 'selct': did you mean 'select'?"),
        (f'{PAIR}[[models.pair]]\naquire = ["a"]\n', 4, "unknown key 'aquire': did you mean 'acquire'?"),
        ('models = {pair = [{acquire = ["a"], mtch = "x"}]}\n', 1, "unknown key 'mtch': did you mean 'match'?"),
        ('\nmin-confidence = "hihg"\n', 2, "min-confidence cannot be 'hihg': did you mean 'high'?"),
        ('min-confidence = "x"\n', 1, "min-confidence cannot be 'x': one of high, low, medium"),
        (f'{PAIR}match = "calback"\n', 3, "models.pair.match cannot be 'calback': did you mean 'callback'?"),
        ('[[models.pair]]\nrelease = ["a"]\n', 1, "models.pair lacks the key 'acquire'"),
        ("fix-size = 0\n", 1, "fix-size must be 1 or more"),
        ("ignore = [3]\n", 1, "what stands in ignore must be a string, not an integer"),
        ("ignore = [\n\n=", 3, "no valid TOML: Invalid value (at line 3, column 1)"),
    ],
)
def test_a_wrong_file_of_our_own(tmp_path: Path, text: str, line: int, message: str) -> None:
    assert error(tmp_path / "leaklint.toml", text) == (line, message)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('ignore = "LEAK002"', 'ignore must be an array, not a string: did you mean ["LEAK002"]?'),
        ('baseline = ["a.json"]', 'baseline must be a string, not an array: did you mean "a.json"?'),
        ("tests = 1", "tests must be a boolean, not an integer: did you mean true?"),
        ('tests = "off"', "tests must be a boolean, not a string: did you mean false?"),
        ('tests = "perhaps"', "tests must be a boolean, not a string"),
        ('fix-size = "12"', "fix-size must be an integer, not a string: did you mean 12?"),
        ("per-file-ignores = 1", "per-file-ignores must be a table, not an integer"),
    ],
)
def test_a_wrong_type(tmp_path: Path, text: str, message: str) -> None:
    assert error(tmp_path / "leaklint.toml", text) == (1, message)


@pytest.mark.parametrize(
    ("rule", "meant"),
    [
        ("LEAK02", ": did you mean 'LEAK002'?"),
        ("LEAK0002", ": did you mean 'LEAK002'?"),
        ("unbound-cache", ": did you mean 'unbounded-cache'?"),
        ("xyz", "; `leaklint rules` lists them"),
    ],
)
def test_a_mistyped_rule(tmp_path: Path, rule: str, meant: str) -> None:
    text = f'ignore = [\n  "LEAK001",\n  "{rule}",\n]\n'
    assert error(tmp_path / "leaklint.toml", text) == (3, f"there is no rule {rule!r}{meant}")


def test_rules_are_known_whatever_the_case_of_their_letters(tmp_path: Path) -> None:
    path = tmp_path / "leaklint.toml"
    path.write_text('ignore = ["leak002"]\n')
    configuration = read(str(path))
    assert configuration is not None and configuration.ignore == ("leak002",)


def test_the_table_of_another_program_is_not_ours(tmp_path: Path) -> None:
    text = '[tool.ruff.lint]\nselect = ["A"]\nselct = 1\n\n[tool.leaklint]\ntests = true\nselect = 1\n'
    assert error(tmp_path / "pyproject.toml", text)[0] == 7
    assert error(tmp_path / "pyproject.toml", text.replace("select = 1", "selct = 1"))[0] == 7
    assert error(tmp_path / "pyproject.toml", "[tool]\n\nleaklint = {tests = 3}\n")[0] == 3
    assert error(tmp_path / "pyproject.toml", "\ntool.leaklint.tests = 3\n")[0] == 2
    assert error(tmp_path / "pyproject.toml", "[tool]\nleaklint = 3\n") == (
        2,
        "the configuration must be a table, not an integer",
    )


def test_the_entry_of_a_table_of_ones_own_keys_is_named(tmp_path: Path) -> None:
    text = '[per-file-ignores]\n"a.py" = ["LEAK002"]\n"b.*" = "LEAK002"\n'
    line, message = error(tmp_path / "leaklint.toml", text)
    assert (line, message) == (3, 'per-file-ignores.b.* must be an array, not a string: did you mean ["LEAK002"]?')
    assert error(tmp_path / "leaklint.toml", text.replace('"LEAK002"\n', '["LEAK92"]\n'))[0] == 3
    text = '[[models.container]]\ntype = ["x"]\nkind = "mapping"\n[models.container.grow]\nadd = "item"\nput = "kye"\n'
    assert error(tmp_path / "leaklint.toml", text) == (
        6,
        "models.container.grow.put cannot be 'kye': did you mean 'key'?",
    )
