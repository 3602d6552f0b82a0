"""JUnit XML: a suite a file and a failed test a finding, for build servers that show test results."""

from __future__ import annotations

from itertools import groupby
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from leaklint.findings import Finding, Notice, Result
from leaklint.report.escape import visible
from leaklint.report.options import Options
from leaklint.report.places import Places
from leaklint.report.prose import paragraph, way
from leaklint.report.sources import SourceReader

_COUNTED = {"failures": "failure", "skipped": "skipped"}


def render(result: Result, sources: SourceReader, options: Options) -> str:
    """One XML document; see :func:`leaklint.report.render`.

    A file that could not be analysed is a skipped test. Without findings there is one test, which passed: many readers
    take a document without tests for a broken run.
    """
    places = Places(result, options)
    root = Element("testsuites", name="leaklint", failures=str(len(result.findings)))
    by_path = sorted(result.findings, key=lambda finding: finding.primary.path)
    for path, findings in groupby(by_path, key=lambda finding: finding.primary.path):
        _add_suite(root, places.path(path), [_failed(finding, places) for finding in findings])
    if result.notices:
        _add_suite(root, "not analysed", [_skipped(notice, places) for notice in result.notices])
    if not result.findings:
        _add_suite(root, "leaklint", [Element("testcase", name="no leaks found", classname="leaklint")])
    root.set("tests", str(len(root.findall("testsuite/testcase"))))
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def _add_suite(root: Element, name: str, cases: list[Element]) -> None:
    counts = {kind: str(sum(case.find(tag) is not None for case in cases)) for kind, tag in _COUNTED.items()}
    suite = SubElement(root, "testsuite", {"name": name, "tests": str(len(cases)), "errors": "0", **counts})
    suite.extend(cases)


def _failed(finding: Finding, places: Places) -> Element:
    start = places.start(finding.primary.path, finding.primary.span)
    case = Element(
        "testcase",
        name=f"{finding.rule} {visible(finding.container)} ({start})",
        classname=visible(finding.qualname) or "<module>",
        file=places.path(finding.primary.path),
        line=str(finding.primary.span.line),
    )
    failure = SubElement(case, "failure", type=finding.rule, message=visible(finding.message))
    failure.text = "\n".join(_details(finding, start, places))
    return case


def _details(finding: Finding, start: str, places: Places) -> list[str]:
    lines = [f"{start}: {finding.rule} [{finding.confidence}] {paragraph(finding)}"]
    if finding.trace:
        lines.append(f"The way there: {way(finding.trace, places)}")
    return lines + [f"{places.start(site.path, site.span)}: {visible(site.label)}" for site in finding.related]


def _skipped(notice: Notice, places: Places) -> Element:
    place = places.point(notice.path, notice.line, notice.column)
    case = Element("testcase", name=place, classname="not analysed")
    SubElement(case, "skipped", message=visible(notice.message))
    return case
