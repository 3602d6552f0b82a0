"""Extraction: from source files to their facts, safely, in several processes."""

from leaklint.extraction.known import Job, Known
from leaklint.extraction.outcome import Outcome
from leaklint.extraction.pool import extract_all
from leaklint.extraction.stack import with_large_stack

__all__ = ["Job", "Known", "Outcome", "extract_all", "with_large_stack"]
