"""What kind of file it is, by its bytes."""

from __future__ import annotations

import codecs

from .problems import Problem

CHUNK = 1 << 20


def kind_of(path: str) -> str:
    with open(path, "rb") as file:  # noqa: PTH123 - a child without pathlib starts faster
        head = file.read(1 << 16)
    if not head.strip():
        raise Problem("empty_file")
    if head.startswith(b"PK\x03\x04"):
        return "xlsx"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise Problem("old_excel")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise Problem("utf16")
    if b"\0" in head:
        few, many = sorted((head[0::2].count(0), head[1::2].count(0)))
        raise Problem("utf16" if many > len(head) * 0.4 and few < len(head) * 0.05 else "binary")
    if sum(byte < 9 or 13 < byte < 32 for byte in head) > len(head) * 0.05:
        raise Problem("binary")
    return "csv"


def check_bytes(path: str) -> None:
    """The whole of it is UTF-8 and text, or the line where it is not."""
    decode = codecs.getincrementaldecoder("utf-8")()
    lines = 0
    with open(path, "rb") as file:  # noqa: PTH123 - as above
        while True:
            chunk = file.read(CHUNK)
            zero = chunk.find(b"\0")
            if zero >= 0:
                raise Problem("binary_line", line=lines + chunk.count(b"\n", 0, zero) + 1)
            try:
                decode.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                where = lines + error.object.count(b"\n", 0, error.start) + 1
                near = error.object[max(0, error.start - 20) : error.start + 20].decode("cp1252", "replace")
                raise Problem("not_utf8", line=where, near=" ".join(near.split())) from None
            if not chunk:
                return
            lines += chunk.count(b"\n")
