"""The text of an uploaded file whose encoding nobody told: Polish files come in at least four."""

from __future__ import annotations

# What some of the letters ąĄśŚźŹ of ISO 8859-2 turn into when they are read as Windows-1250.
ISO_SIGNS = frozenset("±ˇ¶¦Ľ¬")


class UnreadableTextError(ValueError):
    """No known encoding fits. `line`: the first one that cannot be read; None: it is no text at all."""

    def __init__(self, line: int | None = None) -> None:
        super().__init__("no text in a known encoding")
        self.line = line


def decoded(content: bytes) -> str:
    """UTF-8 (with or without BOM), UTF-16 with BOM ("tekst Unicode"), Windows-1250, ISO 8859-2.

    UnreadableTextError: it is none of them.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strictly(content, "utf-16")
    if b"\x00" in content:
        raise UnreadableTextError
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = _strictly(content, "cp1250")
    return content.decode("iso8859-2") if ISO_SIGNS & set(text) else text


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableTextError(content[: error.start].count(b"\n") + 1) from error
