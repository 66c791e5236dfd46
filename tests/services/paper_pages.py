"""Reading a finished PDF back: its pages as poppler sees them, its words and where they stand."""

import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

needs_poppler = pytest.mark.skipif(
    not shutil.which("pdftotext"), reason="poppler-utils is not installed"
)
_NAMESPACE = "{http://www.w3.org/1999/xhtml}"


@dataclass(frozen=True, slots=True)
class Word:
    """A run of characters and its box in points from the page's top left."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def _poppler(pdf: bytes, *arguments: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "form.pdf"
        path.write_bytes(pdf)
        command = ["pdftotext", *arguments, str(path), "-"]
        done = subprocess.run(command, capture_output=True, check=True, encoding="utf-8")
    return done.stdout


def pages(pdf: bytes) -> list[str]:
    """The text of each page in the order it was set, without white space."""
    return [re.sub(r"\s", "", page) for page in _poppler(pdf, "-raw").split("\f")[:-1]]


def words(pdf: bytes) -> list[tuple[float, float, list[Word]]]:
    """Width, height and words of each page."""
    root = ElementTree.fromstring(_poppler(pdf, "-bbox"))
    return [
        (
            float(page.attrib["width"]),
            float(page.attrib["height"]),
            [_word(item) for item in page.iter(f"{_NAMESPACE}word")],
        )
        for page in root.iter(f"{_NAMESPACE}page")
    ]


def _word(item: ElementTree.Element) -> Word:
    at = item.attrib
    box = (float(at[name]) for name in ("xMin", "yMin", "xMax", "yMax"))
    return Word(item.text or "", *box)


def sentences(mark: str, count: int) -> str:
    """So many sentences that differ at both ends, so that half of one is missed too."""
    middle = "沿街门面前的下水道堵塞污水漫上人行道"
    return "".join(f"〔{mark}{at:03d}起〕{middle}〔{mark}{at:03d}止〕。" for at in range(count))


def lost(text: str, found: list[str]) -> list[str]:
    """The sentences of a text that are neither on a page nor, in two parts, on a page and the next."""
    whole = "".join(found)
    parts = [part + "。" for part in text.replace("\n", "").split("。") if part]
    return [part for part in parts if part not in whole and not _over_the_edge(part, found)]


def _over_the_edge(part: str, found: list[str]) -> bool:
    return any(
        part[:at] in before and part[at:] in after
        for before, after in pairwise(found)
        for at in range(1, len(part))
    )
