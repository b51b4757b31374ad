"""Read a package that may come from anywhere: every member is verified before anything is used."""

from __future__ import annotations

import hashlib
import shutil
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from course_builder.package.format import (
    DEFAULT,
    FILES,
    Entry,
    Limits,
    PackageError,
    digest_of,
    parse_files,
    refuse_unsafe_paths,
)
from course_builder.package.package import Package
from course_builder.package.verify import verify_content

_DAMAGED = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, ValueError, OverflowError)
"""What ``zipfile`` raises on input that is no sound zip; a ``NotImplementedError`` is a ``RuntimeError``."""

_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1 | 0x40
_CHUNK = 1 << 20
_SMALL = 100_000
"""Below this many bytes any ratio is harmless."""


def read_package(path: Path, limits: Limits = DEFAULT) -> Package:
    """Verify a package and open it; the file stays open as long as the package is used.

    Raises:
        PackageError: if anything about it is not as the format says.
    """
    with _explained(path):
        archive = _open(path, limits)
    try:
        with _explained(path):
            _inspect_directory(archive, limits)
            files = _read_files(archive)
            entries = parse_files(files)
            _refuse_other_members(archive, entries)
            for member, entry in entries.items():
                _verify_member(archive, member, entry)
        package = Package(digest_of(files), files, partial(_read_again, path, archive))
        verify_content(package)
    except BaseException:
        archive.close()
        raise
    return package


def refuse_too_large(path: Path, limits: Limits = DEFAULT) -> None:
    """Hold a package that was just written to the limits of those who will read it.

    Raises:
        PackageError: if it is too large for them.
    """
    with _explained(path), _open(path, limits) as archive:
        _inspect_directory(archive, limits)


def unpack(package: Package, folder: Path) -> None:
    """Write a package's members and its ``FILES`` to a folder that does not exist yet; all of it or nothing.

    Raises:
        PackageError: if a member was changed since it was verified.
        FileExistsError: if ``folder`` exists.
    """
    if folder.exists():
        raise FileExistsError(folder)
    unfinished = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        (unfinished / FILES).write_bytes(package.files)
        for member in package.members:
            target = unfinished / member
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(package.member(member))
        unfinished.chmod(0o755)
        unfinished.rename(folder)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise


def open_directory(folder: Path, digest: str) -> Package:
    """Open a package that :func:`unpack` wrote; each member is compared with ``FILES`` when it is read.

    Raises:
        PackageError: if the folder does not hold the package with that digest.
    """
    try:
        files = (folder / FILES).read_bytes()
    except OSError as error:
        raise PackageError(f"There is no unpacked package in {folder.name}.") from error
    if digest_of(files) != digest:
        raise PackageError(f"The folder {folder.name} does not hold the package {digest[:12]}….")

    def read(member: str) -> bytes:
        try:
            return (folder / member).read_bytes()
        except OSError as error:
            raise PackageError(f"The member {member} is missing from the folder {folder.name}.") from error

    return Package(digest, files, read)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn what breaks while a zip is read into a ``PackageError``."""
    try:
        yield
    except _DAMAGED as error:
        raise PackageError(f"The file {path.name} is no zip, or is damaged or cut off.") from error
    except OSError as error:
        raise PackageError(f"The file {path.name} cannot be read: {error.strerror or error}.") from error


def _open(path: Path, limits: Limits) -> zipfile.ZipFile:
    if (size := path.stat().st_size) > limits.archive:
        raise PackageError(f"The package has {size:,} bytes; at most {limits.archive:,} are allowed.")
    return zipfile.ZipFile(path)


def _inspect_directory(archive: zipfile.ZipFile, limits: Limits) -> None:
    members = archive.infolist()
    if len(members) > limits.members:
        raise PackageError(f"The package has {len(members):,} members; at most {limits.members:,} are allowed.")
    # zipfile cuts a name at a NUL and mends backslashes on Windows; the name as it was written is the one to judge.
    refuse_unsafe_paths(member.orig_filename for member in members)
    for member in members:
        _refuse_special(member)
        if member.file_size > limits.member:
            raise PackageError(f"The member {member.filename} has more than {limits.member:,} bytes.")
        if not member.filename.startswith("assets/") and member.file_size > limits.text:
            raise PackageError(f"The member {member.filename} has more than {limits.text:,} bytes of text.")
        if member.file_size > _SMALL and member.file_size > limits.ratio * member.compress_size:
            raise PackageError(f"The member {member.filename} grows to more than {limits.ratio} times its packed size.")
    if sum(member.file_size for member in members) > limits.total:
        raise PackageError(f"The package unpacks to more than {limits.total:,} bytes.")
    if members and min(member.header_offset for member in members) != 0:
        raise PackageError("The file does not begin as a zip.")


def _refuse_special(member: zipfile.ZipInfo) -> None:
    mode = member.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        raise PackageError(f"The member {member.filename} is no plain file but a link or a device.")
    if member.flag_bits & _ENCRYPTED:
        raise PackageError(f"The member {member.filename} is encrypted.")
    if member.compress_type not in _METHODS:
        raise PackageError(f"The member {member.filename} is packed by a method other than deflate.")


def _read_files(archive: zipfile.ZipFile) -> bytes:
    if FILES not in archive.namelist():
        raise PackageError("The package has no list FILES: it was not made by course-builder.")
    return archive.read(FILES)


def _refuse_other_members(archive: zipfile.ZipFile, entries: Mapping[str, Entry]) -> None:
    present = set(archive.namelist()) - {FILES}
    if unlisted := sorted(present - entries.keys()):
        raise PackageError(f"The member {unlisted[0]} is not in the list FILES.")
    if missing := sorted(entries.keys() - present):
        raise PackageError(f"The member {missing[0]} is in the list FILES but not in the package.")


def _read_again(path: Path, archive: zipfile.ZipFile, member: str) -> bytes:
    with _explained(path):
        return archive.read(member)


def _verify_member(archive: zipfile.ZipFile, member: str, entry: Entry) -> None:
    info = archive.getinfo(member)
    if info.file_size != entry.size:
        raise PackageError(f"The member {member} has {info.file_size:,} bytes, but FILES says {entry.size:,}.")
    found, size = hashlib.sha256(), 0
    with archive.open(info) as stream:
        while chunk := stream.read(_CHUNK):
            found.update(chunk)
            size += len(chunk)
    if size != entry.size or found.hexdigest() != entry.sha256:
        raise PackageError(f"The member {member} is not the one that the list FILES names.")
