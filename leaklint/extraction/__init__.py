"""Extraction: from source files to their facts, safely, in several processes."""

from leaklint.extraction.outcome import Outcome
from leaklint.extraction.pool import Job, extract_all
from leaklint.extraction.single import extract_source
from leaklint.extraction.stack import with_large_stack

__all__ = ["Job", "Outcome", "extract_all", "extract_source", "with_large_stack"]
