"""What lies in a tree and is not its source, unless a configuration says otherwise."""

from __future__ import annotations

from fnmatch import fnmatchcase

TEST_CODE = "test code"

VERSION_CONTROL = frozenset({".git", ".hg", ".svn"})
"""Directories that nothing brings back."""

_DIRECTORIES = {
    "version control": tuple(VERSION_CONTROL),
    "virtual environment": (".venv", "venv", ".tox", ".nox"),
    "dependencies": ("node_modules", "vendor", "_vendor", "third_party"),
    "build output": (
        *("__pycache__", "build", "dist", "out"),
        *(
            ".angular",
            ".cache",
            ".next",
            ".nuxt",
            ".output",
            ".parcel-cache",
            ".svelte-kit",
            ".turbo",
            ".vercel",
            ".wrangler",
        ),
    ),
    "documentation site": (".docusaurus", ".vitepress", ".vuepress"),
}
_REASONS = {name: reason for reason, names in _DIRECTORIES.items() for name in names}
_FILES = {
    "minified": ("*.min.js", "*.min.mjs", "*.min.cjs"),
    "declarations only": ("*.d.ts", "*.d.mts", "*.d.cts"),
}
_TEST_DIRECTORIES = ("test", "tests", "__tests__", "__mocks__", "__fixtures__", "e2e", "mocks")
_TEST_SUPPORT = ("data", "fixture", "harness", "helper", "mock", "server", "support", "util")
"""What stands behind ``test-`` or ``test_`` in the name of a directory that helps tests, also in the plural; whatever stands
behind ``tests`` tells which tests the directory holds (``tests_integration``)."""

_TEST_KINDS = ("acceptance", "browser", "e2e", "functional", "integration", "smoke", "system", "unit")
"""What stands before ``-test`` or ``-tests`` in the name of a directory of tests."""

_TEST_FILES = ("test_*.py", "*_test.py", "conftest.py", "*.test.*", "*.spec.*", "*.test-d.*")

UNTOLD = VERSION_CONTROL | {"__pycache__"}
"""Directories that nobody expects to be read: passed over without being counted."""

ENVIRONMENT_MARKS = frozenset({"pyvenv.cfg", "conda-meta"})
"""A directory that holds one of these is a virtual environment, whatever it is called."""


def directory_reason(name: str) -> str | None:
    """Why a directory called ``name`` is not entered, or None."""
    return TEST_CODE if _holds_tests(name) else _REASONS.get(name)


def _holds_tests(directory: str) -> bool:
    first, _, rest = directory.replace("_", "-").partition("-")
    helps = first == "tests" or (first == "test" and rest.removesuffix("s") in _TEST_SUPPORT)
    kind = first in _TEST_KINDS and rest in {"test", "tests"}
    return helps or kind or directory in _TEST_DIRECTORIES


def file_reason(name: str) -> str | None:
    """Why a file called ``name`` is not read, or None."""
    if any(fnmatchcase(name, pattern) for pattern in _TEST_FILES):
        return TEST_CODE
    return next((why for why, patterns in _FILES.items() if any(fnmatchcase(name, p) for p in patterns)), None)
