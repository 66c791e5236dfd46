"""Refreshes docs/pictures: `python tools/make_pictures.py build/tour build/screens`.

Run it after visual changes, on a fresh `main.py tour` and a fresh `dev.py screens`. A picture that neither of them
took is named and left as it is.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
LARGEST, LARGEST_ALL = 250_000, 4_000_000
# Wide enough for every letter, small enough for a page.
WIDTHS = (1440, 1200, 1000)
PAPER_DPI = 110

# Picture → the tour's own names for it, the best first.
SCREENS: dict[str, tuple[str, ...]] = {
    "sign-in-light": ("sign-in-light",),
    "intake-ringing-light": ("intake-ringing-light",),
    "intake-light": ("intake-light",),
    "intake-dispatched-light": ("intake-dispatched-light",),
    "orders-light": ("orders-light", "orders-supervisor-light"),
    "orders-dark": ("orders-dark", "orders-agent-dark"),
    "dispatch-light": ("dispatch-light",),
    "dispatch-supervisor-light": ("dispatch-supervisor-light",),
    "review-light": ("review-light",),
    "inbox-light": ("inbox-light", "inbox-street-light"),
    "inbox-sub-dispatch-light": ("inbox-sub-dispatch-light",),
    "inbox-contact-light": ("inbox-contact-light",),
    "inbox-closing-gate-light": ("inbox-closing-gate-light",),
    "callback-light": ("callback-light",),
    "callback-answered-light": ("callback-answered-light",),
    "archive-light": ("archive-light",),
    "reports-light": ("reports-light",),
}
PAPERS = {"closure-report": "closure-report.pdf"}
# Picture → the view of `tests.screens` it is; the tour does not come by there.
VIEWS: dict[str, str] = {
    "accountability-light": "supervision-blame-1440",
    "callback-people-light": "recall-people-1440",
    "grid-report-light": "inbox-grid-report-filled-1440",
    "grid-verify-light": "inbox-grid-verify-form-1440",
    "handover-light": "handover-1080",
    "import-faults-light": "import-faults",
    "joint-sheet-light": "court-sheet-1440",
    "knowledge-light": "knowledge-agent",
    "ledger-light": "reports-ledger-1920",
    "linkage-light": "linkage-judge-1440",
    "pool-batch-light": "court-pool-done-1440",
    "returns-light": "court-return-1440",
    "split-light": "court-form-split",
    "supervision-light": "supervision-board-1440",
    "supervision-notice-light": "supervision-notice-1440",
    "tallies-light": "tallies",
    "audit-light": "audit",
    "building-sheet-light": "registers-sheet",
    "registers-map-light": "registers-map-1440",
}
EVERY = (*SCREENS, *PAPERS, *VIEWS)


def main(arguments: Sequence[str]) -> int:
    """Refresh what can be refreshed; 1 when nothing could or the pictures grew too large."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tour", type=Path, help="the folder given to `main.py tour --out`")
    parser.add_argument(
        "views", type=Path, nargs="?", help="the folder given to `tests.screens --out`"
    )
    given = parser.parse_args(arguments)
    PICTURES.mkdir(parents=True, exist_ok=True)
    missing = [name for name in EVERY if not refresh(given.tour, given.views, name)]
    print(f"{len(EVERY) - len(missing)} pictures refreshed in {PICTURES.name}")
    if missing:
        print("not taken, left as they are: " + ", ".join(missing))
    total = sum(path.stat().st_size for path in PICTURES.glob("*.png"))
    print(f"{total / 1000:.0f} kB of {LARGEST_ALL / 1000:.0f}")
    return int(total > LARGEST_ALL or len(missing) == len(EVERY))


def refresh(tour: Path, views: Path | None, name: str) -> bool:
    """One picture; False when nobody has taken it."""
    if name in PAPERS:
        image = page_of(tour / PAPERS[name])
    elif name in VIEWS:
        image = view_of(views, VIEWS[name])
    else:
        image = screen_of(tour, SCREENS[name])
    if image is None:
        return False
    store(image, PICTURES / f"{name}.png")
    return True


def screen_of(tour: Path, names: Sequence[str]) -> Image.Image | None:
    for name in names:
        path = tour / "screens" / f"{name}.png"
        if path.exists():
            return Image.open(path).convert("RGB")
    return None


def view_of(views: Path | None, name: str) -> Image.Image | None:
    path = views / f"{name}-light-100.png" if views is not None else None
    return Image.open(path).convert("RGB") if path is not None and path.exists() else None


def page_of(path: Path) -> Image.Image | None:
    """The first page, with a hair line round it: white paper on a white page has no edge."""
    import pypdfium2

    if not path.exists():
        return None
    document = pypdfium2.PdfDocument(path)
    page = document[0].render(scale=PAPER_DPI / 72).to_pil().convert("RGB")
    document.close()
    framed = Image.new("RGB", (page.width + 2, page.height + 2), "#C9CED6")
    framed.paste(page, (1, 1))
    return framed


def store(image: Image.Image, path: Path) -> None:
    """As a palette picture, narrower where it would be too heavy."""
    for width in WIDTHS:
        fit = image
        if image.width > width:
            size = (width, round(image.height * width / image.width))
            fit = image.resize(size, Image.Resampling.LANCZOS)
        palette = fit.quantize(256, dither=Image.Dither.NONE)
        palette.save(path, optimize=True)
        if path.stat().st_size <= LARGEST:
            return


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
