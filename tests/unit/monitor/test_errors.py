"""The error tree keeps its promise: stable unique codes, Indonesian titles, a fitting status."""

import monitor.collectors
import monitor.pipeline.public_reports
from monitor import errors
from monitor.errors import CollectorTrouble, NetraError


def tree(root: type[NetraError]) -> list[type[NetraError]]:
    return [root, *(leaf for child in root.__subclasses__() for leaf in tree(child))]


def designed() -> list[type[NetraError]]:
    return [error for error in tree(NetraError) if error.__module__ == errors.__name__]


def test_codes_are_unique_and_titles_present() -> None:
    codes = [error.code for error in designed()]
    assert len(codes) > 35
    assert len(codes) == len(set(codes))
    assert all(error.title for error in designed())


def test_what_is_refined_elsewhere_looks_the_same_to_users() -> None:
    """A collector may tell its own cases of a trouble apart; code and title stay the parent's."""
    assert monitor.collectors.KINDS
    refined = [error for error in tree(NetraError) if error not in designed()]
    assert refined
    for error in refined:
        assert issubclass(error, CollectorTrouble), error
        assert not {"code", "title", "status", "state"} & vars(error).keys(), error


def test_the_drawing_at_the_top_shows_every_error() -> None:
    drawing = errors.__doc__ or ""
    assert [error.__name__ for error in designed() if error.__name__ not in drawing] == []
