"""The documentation site: README, rule pages and docs, as they lie in the checkout.

``sphinx-build -W -c docs/site . PLACE`` writes it to PLACE; a warning is an error.
"""

from __future__ import annotations

import re

import msgspec
from sphinx.application import Sphinx

import leaklint

project = "leaklint"
release = leaklint.__version__
copyright = "the leaklint contributors"

extensions = ["myst_parser"]
root_doc = "docs/site/index"
include_patterns = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "rules/*.md", "docs/**.md"]
exclude_patterns = [".*"]
myst_heading_anchors = 3

html_theme = "furo"
html_title = f"leaklint {release}"
html_extra_path = ["index.html"]
html_copy_source = False
html_show_sphinx = False

_FRONT = re.compile(r"\A\+\+\+\n(.*?)\+\+\+\n", re.DOTALL)
_FOLDER_OR_CODE = re.compile(r"\[([^\]]*)\]\((?:rules/models|LICENSE)\)")


def _adapt(_: Sphinx, name: str, text: list[str]) -> None:
    """Rule pages get their title from their front matter; what is no page of the site is no link on it."""
    front = _FRONT.match(text[0])
    if front:
        rule = msgspec.toml.decode(front[1])
        text[0] = f"# {rule['id']} {rule['name']}\n\n*{rule['title']}*\n\n{text[0][front.end() :]}"
    text[0] = re.sub(r"^```(\w+) (?:leak|fixed)$", r"```\1", text[0], flags=re.MULTILINE)
    text[0] = _FOLDER_OR_CODE.sub(r"\1", text[0])


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.connect("source-read", _adapt)
