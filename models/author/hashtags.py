"""Hashtags read as the words they are made of: "#PNSjugaManusia" says "PNS juga Manusia"."""

import re

from models.normalize import Folded, fold

_TAG = re.compile(r"#(\w{4,120})")
# "PPPKupang" is a party in a town
_STATUS = "PNS|ASN|PPPK(?![aeiou])|P3K|SDN|SMPN|SMAN|SMKN|MTsN|NIP|SPPD|OPD"
# Long enough to be told inside a tag written without capitals: "#suaraperawatpuskesmas".
_GLUED = (
    "puskesmas|kelurahan|kecamatan|samsat|rsud|dinkes|dishub|disdik|pemkab|pemkot|pemprov|pemda|"
    "satpolpp|disdukcapil|dukcapil|disperindag|disdag|disnaker|dinsos|dinas|bapenda|bappeda|"
    "bpkad|bkpsdm|kesbangpol|kominfo|damkar|setda|pupr|dpupr|inspektorat|kemenag|arsip|distrik|"
    "korpri|gurusdn|gurusmpn|gurusman|gurusmkn|gurupns|guruasn|gurup3k|gurupppk|honorer"
)
_WORD = re.compile(
    rf"{_STATUS}|{_GLUED}|[A-Z]+(?![a-z])|[A-Z]?[a-z]+?(?=(?:{_GLUED}|{_STATUS}))|"
    r"(?:pns|asn|pppk(?![aeiou])|p3k)(?=[b-df-hj-np-tv-z]|ju|iku|ora)|[A-Z]?[a-z]+|[^a-zA-Z]"
)
# Only tags with one of these are split: most tags are of parties, and time is short.
_OFFICE = re.compile(
    r"#\w{0,60}?(?:pns|asn|pppk|p3k|sdn|smpn|sman|smkn|mtsn|nip|sppd|puskes|kelurahan|kecamatan|"
    r"samsat|rsud|dinkes|dishub|disdik|dinas|pemkab|pemkot|pemprov|pemda|satpol|korpri|apel|camat|"
    r"lurah|sekda|kadis|kabid|honorer|dukcapil|disperindag|disdag|disnaker|dinsos|bapenda|bappeda|"
    r"bpkad|bkpsdm|kesbangpol|kominfo|damkar|setda|pupr|inspektorat|kemenag|arsip|distrik)",
    re.IGNORECASE,
)


def names_office(text: str) -> bool:
    """Tell whether a hashtag of `text` holds a word of office; what `fold_hashtags` splits."""
    return "#" in text and _OFFICE.search(text) is not None


def fold_hashtags(value: str) -> Folded:
    """Fold `value` as `normalize.fold` does, with blanks between the words of each hashtag.

    Offsets lead back to `value` as received.
    """
    if not names_office(value):
        return fold(value)
    pieces: list[str] = []
    origins: list[int] = []
    last = 0
    for tag in _TAG.finditer(value):
        if not _OFFICE.match(tag.group(0)):
            continue
        words = _words(tag.group(1))
        pieces.append(value[last : tag.start(1)])
        origins.extend(range(last, tag.start(1)))
        place = tag.start(1)
        for number, word in enumerate(words):
            if number:
                pieces.append(" ")
                origins.append(place)
            pieces.append(word)
            origins.extend(range(place, place + len(word)))
            place += len(word)
        last = tag.end(1)
    if not last:
        return fold(value)
    pieces.append(value[last:])
    origins.extend(range(last, len(value)))
    folded = fold("".join(pieces))
    if folded.origins is None:
        return Folded(folded.text, tuple(origins))
    return Folded(folded.text, tuple(origins[place] for place in folded.origins))


def _words(tag: str) -> list[str]:
    """Split one tag at capitals and at words of office; digits and signs stay where they are."""
    words: list[str] = []
    for piece in _WORD.findall(tag):
        # What is no Latin letter ("_", "2024", letters of other scripts) goes with its neighbour.
        joins = not _is_word(piece[0]) or (bool(words) and not _is_word(words[-1][-1], digit=True))
        if words and joins:
            words[-1] += piece
        else:
            words.append(piece)
    return words


def _is_word(char: str, *, digit: bool = False) -> bool:
    return char.isascii() and (char.isalpha() or (digit and char.isdigit()))
