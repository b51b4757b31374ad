"""A verified package: the typed door to its members."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from course_builder.package.format import (
    KEYS,
    MANIFEST,
    Entry,
    PackageError,
    content_path,
    is_known,
    parse_files,
    question_path,
)
from course_builder.package.fragment import RELEASE, Fragment, release_html
from course_builder.package.keys import make_key
from course_builder.package.manifest import Feedback, KeyEntry, Keys, Manifest, QuestionText, load
from course_builder.package.workshop import SessionNotes
from course_builder.scoring import Key


@dataclass(frozen=True)
class Package:
    """A package whose ``FILES`` has the digest; what it gives out was compared with that list.

    Members of a kind that this version does not know are not there.
    """

    digest: str
    files: bytes = field(repr=False)
    """``FILES`` as it stands in the package."""
    _read: Callable[[str], bytes] = field(repr=False)

    @cached_property
    def manifest(self) -> Manifest:
        """``module.json``."""
        return load(Manifest, self.member(MANIFEST), MANIFEST)

    @cached_property
    def members(self) -> Mapping[str, int]:
        """The members, each with its size in bytes."""
        return MappingProxyType({path: entry.size for path, entry in self._entries.items() if is_known(path)})

    @cached_property
    def _entries(self) -> Mapping[str, Entry]:
        return parse_files(self.files)

    def member(self, path: str) -> bytes:
        """Read a member.

        Raises:
            PackageError: if there is none of that name, or its content is not what ``FILES`` says.
        """
        if path not in self.members:
            raise PackageError(f"The package has no member {path!r}.")
        data, entry = self._read(path), self._entries[path]
        if len(data) != entry.size or hashlib.sha256(data).hexdigest() != entry.sha256:
            raise PackageError(f"The member {path} was changed after the package was built.")
        return data

    def fragment(self, lang: str, page_id: str) -> Fragment:
        """Read a page."""
        html = self._text(content_path(lang, page_id))
        if RELEASE in html:
            manifest = self.manifest
            title = manifest.title.get(lang) or manifest.title.get(manifest.source_language, "")
            html = html.replace(RELEASE, release_html(f"{title} · {manifest.id} {manifest.version}"))
        return Fragment(html)

    def question(self, lang: str, question_id: str) -> QuestionText:
        """Read what a learner may see of a question before answering."""
        path = question_path(lang, question_id)
        return load(QuestionText, self.member(path), path)

    def key(self, question_id: str, lang: str | None = None) -> Key:
        """Read all that decides what an answer to a question is worth; written answers belong to a language."""
        entry = self._key_entry(question_id)
        lang = lang or self.manifest.source_language
        text = self.question(lang, question_id)
        try:
            return make_key(entry, text, lang)
        except ValueError as error:
            raise PackageError(f"The key of the question {question_id} cannot be used: {error}.") from error

    def feedback(self, lang: str, question_id: str) -> Feedback:
        """Read what a learner may see of a question after answering."""
        return self._key_entry(question_id).feedback.get(lang, Feedback())

    def solution(self, lang: str, question_id: str) -> str | None:
        """Read the worked solution of a question, as HTML."""
        return self._key_entry(question_id).solution.get(lang)

    def facilitator(self, lang: str, page_id: str) -> tuple[str, ...]:
        """Read the notes of a page that are for trainers only, as HTML."""
        return self._keys.facilitator.get(lang, {}).get(page_id, ())

    def session_notes(self, lang: str) -> Mapping[str, SessionNotes]:
        """Read the notes of all sessions that are for facilitators only, by session."""
        return self._keys.sessions.get(lang, {})

    @cached_property
    def _keys(self) -> Keys:
        return load(Keys, self.member(KEYS), KEYS)

    def _key_entry(self, question_id: str) -> KeyEntry:
        try:
            return self._keys.questions[question_id]
        except KeyError as error:
            raise PackageError(f"The package has no key for the question {question_id!r}.") from error

    def _text(self, path: str) -> str:
        try:
            return self.member(path).decode()
        except UnicodeDecodeError as error:
            raise PackageError(f"The member {path} is not UTF-8 text.") from error
