"""The ground of a printed sheet, read back from a scan of a part of it."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from PIL import Image

from console.domain.forms import FormKind
from console.domain.mark import Mark, Medium
from console.services.auditing.reading import read
from console.services.paper import preview
from tests.builders import case_file
from tests.services.test_paper import STAMP, paper

MARK = Mark(61, datetime(2026, 11, 22, 2, 24, tzinfo=UTC), Medium.PAPER, copy=7)


def sheet(stamp=None, dpi: int = 300) -> Image.Image:
    pdf = paper().render(FormKind.TICKET_FORM, case_file(), stamp or replace(STAMP, mark=MARK)).pdf
    width, height, raw = preview(pdf, 0, dpi)
    return Image.frombytes("RGBX", (width, height), raw).convert("L")


@pytest.mark.parametrize(("dpi", "turn"), [(150, -2.5), (200, 1.0), (300, 3.0)])
def test_a_scan_of_a_part_tells_whose_copy_it_is(dpi: int, turn: float) -> None:
    page = sheet().rotate(turn, Image.Resampling.BICUBIC, fillcolor=255)
    part = page.crop((700, 900, 1300, 1500)).resize((2 * dpi, 2 * dpi), Image.Resampling.BOX)
    grey = np.asarray(part, np.float32) * 0.94 + 6
    grey += np.random.default_rng(1).normal(0, 2, grey.shape)
    found = read(grey)
    assert found is not None
    assert found.mark == MARK


def test_a_scan_upside_down_is_read() -> None:
    found = read(np.asarray(sheet(dpi=200).rotate(180).crop((300, 300, 800, 800)), np.float32))
    assert found is not None
    assert found.mark == MARK


def test_a_copy_without_a_mark_tells_nothing() -> None:
    assert read(np.asarray(sheet(STAMP, 150).crop((100, 100, 600, 600)), np.float32)) is None


def test_a_letter_to_a_citizen_is_clean() -> None:
    marked, plain = (
        paper().render(FormKind.REPLY_LETTER, case_file(), stamp).pdf
        for stamp in (replace(STAMP, mark=MARK), STAMP)
    )
    assert preview(marked, 0, 72) == preview(plain, 0, 72)
