"""How often a mark is read back from cuts of real windows and from simulated scans of real sheets.

    python -m tests.screens --out DIR --only marked
    python -m tests.measure_marks DIR [--tries 10] [--seed 1] [--no-paper]

`DIR` holds screenshots that carry a mark of one account. Paper is printed here, at 300 dpi, turned by up to 3
degrees, screened as a laser printer does (106 lines an inch), blurred, made noisy and saved as JPEG.
"""

import argparse
import io
import random
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from console.domain.forms import FormKind
from console.domain.mark import Mark, Medium
from console.services.auditing.reading import read
from console.services.paper import preview
from tests.builders import case_file
from tests.services.test_paper import STAMP, paper

ACCOUNT = 61
# The scale of a cut and the quality it is saved with; None is a PNG.
SCREENS = ((1, None), (1, 60), (1.5, 80), (2, 75), (0.75, 60), (0.6, 75), (0.5, 75))
CUTS = ((250, 250), (400, 300))
_PRINTER, _LINES = 600, 106


def saved(picture: Image.Image, quality: int | None) -> np.ndarray:
    if quality is not None:
        buffer = io.BytesIO()
        picture.save(buffer, "JPEG", quality=quality)
        picture = Image.open(buffer)
    return np.asarray(picture.convert("L"), np.float32)


def screens(folder: Path, tries: int, draw: random.Random) -> None:
    totals: dict[object, list[int]] = {}
    for path in sorted(folder.glob("*.png")):
        picture = Image.open(path).convert("RGB")
        for wide, high in CUTS:
            for scale, quality in SCREENS:
                good = wrong = 0
                for _ in range(tries):
                    x = draw.randrange(picture.width - wide)
                    y = draw.randrange(picture.height - high)
                    cut = picture.crop((x, y, x + wide, y + high))
                    size = round(wide * scale), round(high * scale)
                    cut = cut.resize(size, Image.Resampling.BICUBIC)
                    found = read(saved(cut, quality))
                    good += found is not None and found.mark.account_id == ACCOUNT
                    wrong += found is not None and found.mark.account_id != ACCOUNT
                say(f"{path.stem} {wide}x{high} x{scale} q{quality}: {good}/{tries}, wrong {wrong}")
                total = totals.setdefault((wide, scale, quality), [0, 0])
                total[0] += good
                total[1] += tries
    for (wide, scale, quality), (good, tried) in totals.items():
        say(f"all {wide}px x{scale} q{quality}: {good}/{tried}")


def screened(sheet: Image.Image) -> Image.Image:
    """Black and white dots, as a printer makes grey."""
    grey = np.asarray(sheet, float) / 255
    y, x = np.mgrid[: grey.shape[0], : grey.shape[1]]
    beat = 2 * np.pi * _LINES / _PRINTER * np.sqrt(0.5)
    spot = (np.cos((x + y) * beat) + np.cos((x - y) * beat)) / 4 + 0.5
    ranks = np.sort(spot[:600, :600].ravel())
    limit = np.searchsorted(ranks, spot) / ranks.size
    return Image.fromarray(((grey >= limit * 0.9999) * 255).astype(np.uint8))


def sheets(tries: int, draw: random.Random) -> None:
    mark = Mark(ACCOUNT, datetime(2026, 11, 22, 2, 24, tzinfo=UTC), Medium.PAPER, copy=7)
    noise = np.random.default_rng(draw.randrange(1 << 30))
    for form in (FormKind.TICKET_FORM, FormKind.CLOSURE_REPORT):
        pdf = paper().render(form, case_file(), replace(STAMP, mark=mark)).pdf
        width, height, raw = preview(pdf, 0, _PRINTER)
        sheet = screened(Image.frombytes("RGBX", (width, height), raw).convert("L"))
        for dpi in (150, 300):
            for millimetres in (45, 70):
                good = 0
                for _ in range(tries):
                    found = read(scan(sheet, dpi, millimetres, draw, noise))
                    good += found is not None and found.mark == mark
                say(f"{form} {dpi} dpi {millimetres} mm: {good}/{tries}")


def scan(
    sheet: Image.Image, dpi: int, millimetres: int, draw: random.Random, noise: np.random.Generator
) -> np.ndarray:
    side = int(millimetres / 25.4 * _PRINTER)
    wide, edge = int(side * 1.2), 150
    x = draw.randrange(edge, sheet.width - wide - edge)
    y = draw.randrange(edge, sheet.height - wide - edge)
    part = sheet.crop((x, y, x + wide, y + wide))
    part = part.rotate(draw.uniform(-3, 3), Image.Resampling.BICUBIC, fillcolor=255)
    inner = (wide - side) // 2
    part = part.crop((inner, inner, inner + side, inner + side))
    part = part.filter(ImageFilter.GaussianBlur(_PRINTER / dpi * 0.35))
    part = part.resize((int(millimetres / 25.4 * dpi),) * 2, Image.Resampling.BOX)
    grey = np.asarray(part, float) * 0.93 + 8 + noise.normal(0, 2.5, (part.height, part.width))
    return saved(Image.fromarray(grey.clip(0, 255).astype(np.uint8)), 80)


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tries", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-paper", action="store_true")
    wanted = parser.parse_args()
    draw = random.Random(wanted.seed)
    screens(wanted.folder, wanted.tries, draw)
    if not wanted.no_paper:
        sheets(wanted.tries, draw)


if __name__ == "__main__":
    main()
