"""Bytes of a feed or page to text, by what they are rather than by what they are declared to be."""

import codecs
import re
from dataclasses import dataclass

_START = 2048
_XML = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_HTML = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9._-]+)""", re.IGNORECASE)
_HEADER = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9._-]+)""", re.IGNORECASE)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# "<?" and "<!" and "<h" in two bytes a character, where no mark says so.
_WIDE = (
    (re.compile(rb"<\0[?!A-Za-z]\0"), "utf-16-le"),
    (re.compile(rb"\0<\0[?!A-Za-z]"), "utf-16-be"),
)
# What servers say while they send UTF-8 or windows-1252 all the same.
_LATIN = frozenset({"ascii", "utf-8", "iso8859-1", "cp1252"})
# Python's other codecs ("unicode_escape", "idna", …) are no character sets of web pages.
_CHARSETS = re.compile(
    r"iso8859-\d+|cp(125\d|866|874|9\d\d)|koi8-[ru]|gb.*|big5.*|shift_jis.*|euc_.*|iso2022_.*"
)
# Bytes that are no UTF-8 come as lone surrogates: nearly always they are windows-1252.
_STRAY = {0xDC80 + i: bytes([0x80 + i]).decode("cp1252", "replace") for i in range(0x80)}
_ANY_STRAY = re.compile("[\udc80-\udcff]")
_BEYOND_ASCII = re.compile("[\u0080-\ud7ff\ue000-\U0010ffff]")
# Not allowed in XML 1.0 and of no use in a text; some editors paste them in.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """`encoding` is what the bytes turned out to be; `declared` is empty where nothing was said."""

    text: str
    encoding: str
    declared: str

    @property
    def belied(self) -> bool:
        """Whether it was declared as something else than it is."""
        if not self.declared or self.encoding == "ascii":
            return False
        return not self.encoding.startswith(self.declared.partition("-le")[0])


def decode(body: bytes, content_type: str = "") -> Decoded:
    """Return the text without characters XML forbids.

    Text beyond ASCII that is valid UTF-8 is UTF-8, whatever is declared: by chance that does not
    happen. Single bytes that are not are read as windows-1252, so that one pasted sentence does
    not spoil the rest.
    """
    declared = _declared(body, content_type)
    wide = _wide(body)
    if wide:
        return Decoded(without_controls(body.decode(wide, "replace")), wide, declared)
    text = body.decode("utf-8", "surrogateescape")
    stray = bool(_ANY_STRAY.search(text))
    if stray and declared not in _LATIN and _CHARSETS.fullmatch(declared):
        text = body.decode(declared, "replace")
        return Decoded(without_controls(text), declared, declared)
    beyond = bool(_BEYOND_ASCII.search(text))
    encoding = "utf-8" if beyond else "ascii"
    if stray:
        encoding = "utf-8+cp1252" if beyond else "cp1252"
    return Decoded(without_controls(text.translate(_STRAY) if stray else text), encoding, declared)


def without_controls(text: str) -> str:
    return _CONTROLS.sub("", text).removeprefix("\ufeff")


def _wide(body: bytes) -> str:
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return encoding
    for start, encoding in _WIDE:
        if start.match(body):
            return encoding
    return ""


def _declared(body: bytes, content_type: str) -> str:
    """Return Python's name of the declared encoding; the document's own word comes first."""
    start = body[:_START]
    inside = _XML.search(start) or _HTML.search(start)
    header = _HEADER.search(content_type)
    name = inside[1].decode("ascii") if inside else header[1] if header else ""
    try:
        return codecs.lookup(name).name if name else ""
    except (LookupError, ValueError):
        return ""
