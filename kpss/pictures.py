"""PNG and JPEG read just as far as is needed to know that they are pictures and how large."""

import zlib

from django.utils.translation import gettext as _

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
JPEG_SIGNATURE = b"\xff\xd8\xff"
_JPEG_FRAMES = {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}
_JPEG_ALONE = {0x01, *range(0xD0, 0xD9)}


class PictureRefused(Exception):
    """Not a whole PNG or JPEG; the text is a sentence for the person who sent it."""


def picture_size(data: bytes) -> tuple[int, int]:
    """Return width and height of a whole PNG or JPEG with nothing behind its end.

    Raise PictureRefused for anything else.
    """
    if data.startswith(PNG_SIGNATURE):
        size = _png_size(data)
    elif data.startswith(JPEG_SIGNATURE):
        size = _jpeg_size(data)
    else:
        size = None
    if size is None or 0 in size:
        raise PictureRefused(
            _("The picture is damaged or is not a PNG or JPEG. Save it again and retry.")
        )
    return size


def _png_size(data: bytes) -> tuple[int, int] | None:
    """Walk the chunks: each with its right checksum, header first, end last."""
    position, size, has_pixels = len(PNG_SIGNATURE), None, False
    while position + 12 <= len(data):
        length = int.from_bytes(data[position : position + 4])
        kind = data[position + 4 : position + 8]
        end = position + 8 + length
        if end + 4 > len(data) or zlib.crc32(data[position + 4 : end]) != int.from_bytes(
            data[end : end + 4]
        ):
            return None
        if kind == b"IHDR" and length == 13 and size is None:
            size = (
                int.from_bytes(data[position + 8 : position + 12]),
                int.from_bytes(data[position + 12 : position + 16]),
            )
        elif size is None or kind == b"IHDR":
            return None
        has_pixels = has_pixels or kind == b"IDAT"
        position = end + 4
        if kind == b"IEND":
            return size if has_pixels and position == len(data) else None
    return None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Walk the segments up to the frame header and the start of the scan; the end mark is last."""
    position, size = 2, None
    if not data.endswith(b"\xff\xd9"):
        return None
    while position + 4 <= len(data):
        if data[position] != 0xFF:
            return None
        marker = data[position + 1]
        if marker == 0xFF:
            position += 1
            continue
        if marker in _JPEG_ALONE:
            position += 2
            continue
        length = int.from_bytes(data[position + 2 : position + 4])
        if length < 2 or position + 2 + length > len(data):
            return None
        if marker in _JPEG_FRAMES and length >= 8:
            size = (
                int.from_bytes(data[position + 7 : position + 9]),
                int.from_bytes(data[position + 5 : position + 7]),
            )
        if marker == 0xDA:
            return size
        position += 2 + length
    return None
