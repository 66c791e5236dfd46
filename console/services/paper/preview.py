"""Pages as pixels, for the preview on screen and for printers that want a raster."""

import threading

# PDFium keeps state of its own and is not safe on two threads.
_pdfium = threading.Lock()


def preview(pdf: bytes, page: int, dpi: int = 96) -> tuple[int, int, bytes]:
    """Width, height and BGRA bytes (opaque; rows without padding) of a page, the first being 0.

    A view wraps them as QImage(data, width, height, 4 * width, QImage.Format.Format_RGB32). Raises IndexError
    for a page the document does not have.
    """
    import pypdfium2 as pdfium

    with _pdfium:
        document = pdfium.PdfDocument(pdf)
        try:
            if not 0 <= page < len(document):
                raise IndexError(page)
            sheet = document[page]
            bitmap = sheet.render(scale=dpi / 72, prefer_bgrx=True)
            width, height, stride = bitmap.width, bitmap.height, bitmap.stride
            raw = bytes(bitmap.buffer)
            bitmap.close()
            sheet.close()
        finally:
            document.close()
    return width, height, _packed(raw, width * 4, stride, height)


def _packed(raw: bytes, row: int, stride: int, height: int) -> bytes:
    """Rows put end to end when PDFium has padded them."""
    if stride == row:
        return raw
    return b"".join(raw[at * stride : at * stride + row] for at in range(height))
