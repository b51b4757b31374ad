"""The shape of a package: which members it has, what they may be called, how ``FILES`` lists them.

The format is described for people in ``docs/package.md``.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

FORMAT_VERSION = 1
SUPPORTED_REQUIREMENTS: frozenset[str] = frozenset()
"""Names in ``requires`` that this version understands."""

FILES = "FILES"
MANIFEST = "module.json"
IDS = "ids.json"
KEYS = "private/keys.json"
MODULE_QUIZ = "module"
"""The id of the quiz that holds the graded questions outside any other quiz."""

_NAME = r"[A-Za-z0-9][A-Za-z0-9._-]*"
_LANGUAGE = r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*"
_ID = r"[a-z][a-z0-9-]*"
_SAFE_PATH = re.compile(rf"{_NAME}(?:/{_NAME})*")
_KNOWN = re.compile(
    rf"module\.json|ids\.json|private/keys\.json|content/{_LANGUAGE}/{_ID}\.html|questions/{_LANGUAGE}/{_ID}\.json"
    rf"|search/{_LANGUAGE}\.json|glossary/{_LANGUAGE}\.json|assets/{_NAME}"
)
_PUBLIC = re.compile(rf"content/{_LANGUAGE}/{_ID}\.html|(?:search|glossary)/{_LANGUAGE}\.json|assets/{_NAME}")
ID = re.compile(_ID)
LANGUAGE = re.compile(_LANGUAGE)
_ENTRY = re.compile(r"(?P<path>[^ ]+) (?P<size>0|[1-9][0-9]{0,14}) (?P<sha256>[0-9a-f]{64})")
_LONGEST_PATH = 200


class PackageError(Exception):
    """A package that is not used; the message says what is wrong in words for a person."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a package may weigh, in bytes; a packed member may grow to ``ratio`` times its packed size."""

    archive: int = 500_000_000
    member: int = 60_000_000
    text: int = 5_000_000
    """A member that is not an asset; it is read into memory."""
    total: int = 1_000_000_000
    members: int = 20_000
    ratio: int = 200


DEFAULT = Limits()


@dataclass(frozen=True, slots=True)
class Entry:
    """What ``FILES`` says about a member."""

    size: int
    sha256: str


def is_known(path: str) -> bool:
    """Say whether a member is of a kind that this version reads."""
    return _KNOWN.fullmatch(path) is not None


def is_public(member_path: str) -> bool:
    """Say whether a member may be served as a file: fragments, assets, search data and the glossary, nothing else."""
    return _PUBLIC.fullmatch(member_path) is not None


def refuse_unsafe_paths(paths: Iterable[str]) -> None:
    """Refuse names that leave the package, or that a file system could take for one another.

    Raises:
        PackageError: naming the first such member.
    """
    seen: dict[str, str] = {}
    for path in paths:
        folded = unicodedata.normalize("NFKC", path).casefold()
        if folded in seen:
            raise PackageError(f"The members {seen[folded]!r} and {path!r} would be one file on some disks.")
        seen[folded] = path
        if len(path) > _LONGEST_PATH or not _SAFE_PATH.fullmatch(path):
            raise PackageError(f"The member name {path[:_LONGEST_PATH]!r} is not allowed in a package.")


def content_path(language: str, page: str) -> str:
    """Name the member that holds a page's fragment."""
    return f"content/{language}/{page}.html"


def question_path(language: str, question: str) -> str:
    """Name the member that holds a question's text."""
    return f"questions/{language}/{question}.json"


def search_path(language: str) -> str:
    """Name the member that holds a language's search data."""
    return f"search/{language}.json"


def glossary_path(language: str) -> str:
    """Name the member that holds a language's terms; it is there where the module uses any."""
    return f"glossary/{language}.json"


def asset_path(path: str, data: bytes) -> str:
    """Name the member that holds an asset: by its content, so that it can be cached for ever."""
    plain = unicodedata.normalize("NFKD", path.rpartition("/")[2]).encode("ascii", "ignore").decode()
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", plain)
    stem, _, ending = name.rpartition(".")
    # Of a name in another script only its ending may be left, by which systems know what a file is.
    name = name.strip(".-") if stem.strip(".-") else f"file.{ending}".strip(".-")
    return f"assets/{hashlib.sha256(data).hexdigest()[:16]}-{name[-80:]}"


def format_files(members: Mapping[str, bytes]) -> bytes:
    """Write ``FILES``: path, size and SHA-256 of every other member, sorted by the bytes of the path."""
    lines = (
        f"{path} {len(data)} {hashlib.sha256(data).hexdigest()}\n"
        for path, data in sorted(members.items(), key=lambda item: item[0].encode())
    )
    return "".join(lines).encode()


def parse_files(data: bytes) -> dict[str, Entry]:
    """Read ``FILES``.

    Raises:
        PackageError: if it is not exactly as :func:`format_files` writes it.
    """
    entries: dict[str, Entry] = {}
    try:
        lines = data.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise PackageError("The list FILES holds characters that no member name has.") from error
    if lines.pop() != "":
        raise PackageError("The list FILES is cut off.")
    for number, line in enumerate(lines, 1):
        found = _ENTRY.fullmatch(line)
        if found is None:
            raise PackageError(f"Line {number} of the list FILES is not 'path size sha256'.")
        entries[found["path"]] = Entry(int(found["size"]), found["sha256"])
    if len(entries) != len(lines) or list(entries) != sorted(entries):
        raise PackageError("The list FILES is not sorted, or names a member twice.")
    refuse_unsafe_paths(entries)
    if FILES in entries:
        raise PackageError("The list FILES names itself.")
    return entries


def digest_of(files: bytes) -> str:
    """Give a package's digest: the SHA-256 of its ``FILES``."""
    return hashlib.sha256(files).hexdigest()
