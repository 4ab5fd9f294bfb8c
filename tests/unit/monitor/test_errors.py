"""The error tree keeps its promise: stable unique codes, Indonesian titles, a fitting status."""

from monitor import errors
from monitor.errors import NetraError


def tree(root: type[NetraError]) -> list[type[NetraError]]:
    return [root, *(leaf for child in root.__subclasses__() for leaf in tree(child))]


def test_codes_are_unique_and_titles_present() -> None:
    found = tree(NetraError)
    codes = [error.code for error in found]
    assert len(found) > 15
    assert len(codes) == len(set(codes))
    assert all(error.title and error.__module__ == errors.__name__ for error in found)


def test_the_drawing_at_the_top_shows_every_error() -> None:
    drawing = errors.__doc__ or ""
    assert [error.__name__ for error in tree(NetraError) if error.__name__ not in drawing] == []
