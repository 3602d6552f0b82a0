"""The analysis says of every annotated source what its marks promise, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fixture_harness import FIXTURES, Case, analyse, cases, disagreements, marks, projects, shown
from tests.score.programs import LEVELS, Score, score

SINGLE = cases("python", "typescript")
TWINS = tuple(
    (python, typescript)
    for python in cases("python")
    for typescript in SINGLE
    if typescript.name == str(Path("typescript", *Path(python.name).parts[1:]).with_suffix(".ts"))
)


def _names(found: tuple[Case, ...]) -> list[str]:
    return [case.name for case in found]


@pytest.mark.parametrize("case", SINGLE + projects(), ids=_names(SINGLE + projects()))
def test_findings_are_those_of_the_marks(case: Case) -> None:
    wrong = disagreements(case)
    assert not wrong, "\n".join([f"in {FIXTURES / case.name}:", *wrong])


@pytest.mark.parametrize(("python", "typescript"), TWINS, ids=[python.name for python, _ in TWINS])
def test_twins_are_marked_and_reported_alike(python: Case, typescript: Case) -> None:
    assert _marked_rules(python) == _marked_rules(typescript)
    assert _reported_rules(python) == _reported_rules(typescript)


def _marked_rules(case: Case) -> list[str]:
    promised = marks(case)
    return sorted(place.rule for place in promised.expected | promised.missed)


def _reported_rules(case: Case) -> list[str]:
    return sorted(place.rule for place in shown(analyse(case)))


def test_every_rule_has_leaks_and_as_many_hard_negatives() -> None:
    for number in range(1, 5):
        found = cases(f"python/LEAK00{number}")
        leaks = [case for case in found if marks(case).expected or marks(case).missed]
        assert leaks
        assert len(found) - len(leaks) >= len(leaks), f"LEAK00{number}: {len(leaks)} leaks of {len(found)} fixtures"


def test_a_file_name_says_whether_the_fixture_is_silent() -> None:
    for case in SINGLE:
        promised = marks(case)
        silent = not promised.expected and not promised.missed
        assert silent == case.files[0].name.startswith(("silent_", "low_")), case.name


@pytest.mark.parametrize("folder", LEVELS)
def test_programs_reach_their_level(folder: str) -> None:
    result: Score = score(folder)
    assert result.found >= result.leaks * LEVELS[folder], "\n".join(result.missed)
    assert not result.false, "\n".join(result.false)
