"""The names to look for: shipped files and the installation's own, put together and tested."""

import json
import logging
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, time
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from models.labels import Platform
from models.participants import Participant, participant_from_dict
from models.post import Author, Post
from models.stance.mask import Entities
from models.targets import Gazetteer, Mention
from monitor.reference.calendar import Contest, shipped_contests
from monitor.reference.gazetteer_files import Entry, Example, GazetteerFile, Problem
from monitor.reference.gazetteer_folder import (
    Signature,
    folder_files,
    read_path,
    shipped_files,
    signature,
)
from monitor.reference.regions import ORDINARY_WORDS, names_by_region

logger = logging.getLogger(__name__)

_VERSION_LENGTH = 12
_NOON = time(12, tzinfo=UTC)

# What makes two entries the same one: a pair is its place on a ballot, the others their name.
Identity = tuple[str, ...]


@dataclass(frozen=True)
class Catalogue:
    """A gazetteer ready for use; `version` changes with any entry and with nothing else."""

    gazetteer: Gazetteer
    version: str
    files: tuple[GazetteerFile, ...]
    problems: tuple[Problem, ...]

    @property
    def examples(self) -> tuple[Example, ...]:
        return tuple(example for file in self.files for example in file.examples)

    def failed_examples(self) -> list[Problem]:
        """Run the tests that travel with the entries and return those that fail."""
        return [problem for example in self.examples if (problem := self._failure(example))]

    def _failure(self, example: Example) -> Problem | None:
        post = Post(
            id="contoh",
            platform=Platform.OTHER,
            text=example.text,
            author=Author(location=example.location),
            media_alt=example.media_alt,
            region=example.region,
            posted_at=datetime.combine(example.day, _NOON) if example.day else None,
        )
        mentions = self.gazetteer.mentions(post)
        found = tuple(mention.written for mention in mentions)
        means = tuple(mention.name for mention in mentions)
        if found != example.targets:
            wanted, got = _listed(example.targets), _listed(found)
        elif example.means is not None and means != example.means:
            wanted, got = _listed(example.means, "berarti "), _listed(means, "berarti ")
        else:
            return None
        reason = f"contoh tidak lulus: seharusnya {wanted}, ternyata {got}"
        return Problem(example.file, example.place, reason)


class InstalledGazetteer(Gazetteer):
    """The gazetteer of a running service: a changed folder counts from the next post on."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        super().__init__()
        installed_catalogue(folder)

    def mentions(self, post: Post, entities: Entities | None = None) -> tuple[Mention, ...]:
        return installed_catalogue(self._folder).gazetteer.mentions(post, entities)


_lock = threading.Lock()
_installed: dict[Path, tuple[Signature, Catalogue]] = {}


def installed_catalogue(folder: Path) -> Catalogue:
    """Return the catalogue in use, built again only when a file of the folder has changed."""
    now = signature(folder)
    known = _installed.get(folder)
    if known is not None and known[0] == now:
        return known[1]
    with _lock:
        known = _installed.get(folder)
        if known is None or known[0] != now:
            known = (now, assemble(shipped(), folder_files(folder)))
            _installed[folder] = known
            for problem in known[1].problems:
                logger.warning("gazetteer: left out: %s", problem)
        return known[1]


def catalogue_with(path: Path, folder: Path) -> tuple[Catalogue, list[Problem]]:
    """Return the catalogue as it would be with one more file, and what that file would break.

    A file of the same name in the folder counts as replaced.
    """
    kept = [file for file in folder_files(folder) if file.name != path.name]
    before = assemble(shipped(), kept)
    after = assemble(shipped(), [*kept, read_path(path)])
    old = {*before.problems, *before.failed_examples()}
    return after, [p for p in (*after.problems, *after.failed_examples()) if p not in old]


@cache
def shipped() -> tuple[GazetteerFile, ...]:
    return shipped_files()


def assemble(shipped: Sequence[GazetteerFile], added: Sequence[GazetteerFile] = ()) -> Catalogue:
    """Put files together. An added entry replaces the shipped one of the same identity.

    Whatever is broken, contradicts another entry or refers to nothing is left out and named.
    """
    files = (*shipped, *added)
    problems = [problem for file in files for problem in file.problems]
    contests = {c.name: c for c in shipped_contests()}
    contests |= {c.name: c for file in files for c in file.contests}
    known: dict[Identity, Participant] = {}
    for layer in (shipped, added):
        entries = [entry for file in layer for entry in file.entries]
        fresh = _participants(entries, contests, problems)
        known |= fresh
    nicknames = [entry for file in files for entry in file.entries if entry.kind == "nickname"]
    _add_nicknames(nicknames, known, problems)
    return Catalogue(
        gazetteer=Gazetteer(known.values(), names_by_region(), ORDINARY_WORDS),
        version=_version(known.values(), contests.values()),
        files=files,
        problems=tuple(problems),
    )


def _participants(
    entries: Iterable[Entry], contests: Mapping[str, Contest], problems: list[Problem]
) -> dict[Identity, Participant]:
    found: dict[Identity, Participant] = {}
    first: dict[Identity, Entry] = {}
    for entry in entries:
        if entry.kind == "nickname":
            continue
        participant = participant_from_dict(entry.kind, entry.data)
        if participant.contest:
            contest = contests.get(participant.contest)
            if contest is None:
                problems.append(
                    Problem(entry.file, entry.place, _no_contest(participant, contests))
                )
                continue
            participant = replace(
                participant,
                contest_from=contest.watched_from,
                contest_until=contest.watched_until,
            )
        identity = _identity(participant)
        if identity in found:
            other = first[identity]
            reason = f"sudah ada di {other.file}, {other.place}; hapus salah satunya"
            problems.append(Problem(entry.file, entry.place, reason))
            continue
        found[identity], first[identity] = participant, entry
    return found


def _no_contest(participant: Participant, contests: Mapping[str, Contest]) -> str:
    known = ", ".join(sorted(contests))
    return (
        f"contest: {participant.contest!r} tidak ada di kalender ({known});"
        " tambahkan tabel [[contest]]"
    )


def _identity(participant: Participant) -> Identity:
    if participant.kind == "pair":
        return ("pair", participant.contest, participant.region, str(participant.number))
    return (participant.kind, participant.name.casefold())


def _add_nicknames(
    entries: Iterable[Entry], known: dict[Identity, Participant], problems: list[Problem]
) -> None:
    by_name = {p.name.casefold(): identity for identity, p in known.items() if p.kind != "pair"}
    for entry in entries:
        identity = _meant(entry.data, by_name)
        if identity not in known:
            reason = (
                "julukan bagi yang tidak ada; isi `of` dengan nama partai atau calon persis seperti"
                " di daftar, atau contest, region, dan number milik satu pasangan"
            )
            problems.append(Problem(entry.file, entry.place, reason))
            continue
        called = participant_from_dict("candidate", {**entry.data, "name": "julukan"})
        known[identity] = known[identity].with_names_of(called)


def _meant(data: Mapping[str, Any], by_name: Mapping[str, Identity]) -> Identity:
    if data.get("of"):
        return by_name.get(str(data["of"]).casefold(), ())
    region = data.get("region", "")
    place = "" if region == "*" else region
    return ("pair", data.get("contest", ""), place, str(data.get("number")))


def _version(participants: Iterable[Participant], contests: Iterable[Contest]) -> str:
    """Hash what the entries say, in an order of its own: moving them about changes nothing."""
    items = [*map(asdict, participants), *map(asdict, contests)]
    for item in items:
        item |= {key: sorted(value) for key, value in item.items() if isinstance(value, tuple)}
    lines = sorted(json.dumps(item, sort_keys=True, default=str) for item in items)
    return sha256("\n".join(lines).encode()).hexdigest()[:_VERSION_LENGTH]


def _listed(names: Sequence[str], word: str = "") -> str:
    return word + (", ".join(f'"{name}"' for name in names) if names else "tidak ada")
