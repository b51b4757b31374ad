"""Open packages: unpacked once per host into a folder, opened once per process, forgotten when long unused."""

from __future__ import annotations

import re
import shutil
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from course_builder.package import (
    Block,
    Feedback,
    Fragment,
    Manifest,
    Package,
    PackageError,
    Part,
    QuestionText,
    QuizEntry,
    blocks_of,
    number_blocks,
    open_directory,
    read_package,
    rebase,
    unpack,
)
from course_builder.scoring import Key
from lti_tool.errors import NotFoundError
from lti_tool.models import Release

OPEN_PACKAGES = 32
"""Packages that a process keeps open, each with what was read of its text."""

_T = TypeVar("_T")
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class OpenRelease:
    """A package of the library, ready to be shown: its HTML points at ``asset_base``, and is read and parsed once."""

    package: Package
    folder: Path
    asset_base: str
    _read: dict[tuple[str, ...], object] = field(default_factory=dict, repr=False)

    @property
    def digest(self) -> str:
        """The package's digest."""
        return self.package.digest

    @property
    def manifest(self) -> Manifest:
        """``module.json``."""
        return self.package.manifest

    def parts(self, language: str, page_id: str) -> list[Part]:
        """Give a page, split at its question places and quizzes."""
        return self.once(
            ("parts", language, page_id), lambda: Fragment(self._numbered(language, page_id)).parts(self.asset_base)
        )

    def blocks(self, language: str, page_id: str) -> list[Block]:
        """List the blocks of a page with their text, by the ids that :meth:`parts` shows."""
        return blocks_of(self._numbered(language, page_id))

    def _numbered(self, language: str, page_id: str) -> str:
        return number_blocks(self.package.fragment(language, page_id).html)

    def question(self, language: str, question_id: str) -> QuestionText:
        """Give what a learner may see of a question before answering."""
        return self.once(
            ("question", language, question_id), lambda: self._rebased(self.package.question(language, question_id))
        )

    def key(self, question_id: str, language: str | None = None) -> Key:
        """Give what decides what an answer is worth; written answers belong to a language."""
        language = language or self.manifest.source_language
        return self.once(("key", language, question_id), lambda: self.package.key(question_id, language))

    def feedback(self, language: str, question_id: str) -> Feedback:
        """Give what a learner may see of a question after answering."""
        return self.once(
            ("feedback", language, question_id),
            lambda: self._rebased_feedback(self.package.feedback(language, question_id)),
        )

    def solution(self, language: str, question_id: str) -> str | None:
        """Give the worked solution of a question."""
        html = self.package.solution(language, question_id)
        return rebase(html, self.asset_base) if html else None

    def quiz_of(self, question_id: str) -> QuizEntry | None:
        """Find the quiz that a question counts in; ``None`` for a self-check."""
        return next((quiz for quiz in self.manifest.quizzes if question_id in quiz.questions), None)

    def has_question(self, question_id: str) -> bool:
        """Whether there is such a question."""
        return any(question_id in page.questions for page in self.manifest.pages)

    def choose_language(self, *wanted: str) -> str:
        """Choose the language of the module that fits the first of some wishes such as ``fi-FI``.

        Else it is the one that the module was written in.
        """
        tags = [code.replace("_", "-") for code in wanted]
        fitting = (code for tag in tags for code in (tag, tag.split("-")[0]) if code in self.manifest.languages)
        return next(fitting, self.manifest.source_language)

    def once(self, name: tuple[str, ...], read: Callable[[], _T]) -> _T:
        """Give what was made of the release under a name, or make it."""
        # Two threads may read the same thing at once; both get the same value, so no lock is needed.
        if name not in self._read:
            self._read[name] = read()
        return self._read[name]  # type: ignore[return-value]

    def _rebased(self, text: QuestionText) -> QuestionText:
        return replace(
            text,
            stem=rebase(text.stem, self.asset_base),
            options=tuple(replace(option, html=rebase(option.html, self.asset_base)) for option in text.options),
            hints=tuple(replace(hint, html=rebase(hint.html, self.asset_base)) for hint in text.hints),
            items=tuple(replace(item, html=rebase(item.html, self.asset_base)) for item in text.items),
            image=rebase(text.image, self.asset_base),
            rubric=tuple(replace(row, html=rebase(row.html, self.asset_base)) for row in text.rubric),
        )

    def _rebased_feedback(self, feedback: Feedback) -> Feedback:
        def rebased(html: str | None) -> str | None:
            return rebase(html, self.asset_base) if html else None

        return Feedback(
            {option: rebase(html, self.asset_base) for option, html in feedback.options.items()},
            rebased(feedback.right),
            rebased(feedback.partly),
            rebased(feedback.wrong),
        )


class Shelf:
    """The packages that this process has open.

    Args:
        folder: where they are unpacked, one folder per digest; processes of one host may share it.
        address: the path under which their public files are served.
        capacity: how many stay open; the one used longest ago is forgotten first.
    """

    def __init__(self, folder: Path, address: str = "/packages", capacity: int = OPEN_PACKAGES) -> None:
        self._folder = folder
        self._address = address
        self._capacity = capacity
        self._releases: OrderedDict[str, OpenRelease] = OrderedDict()
        self._lock = threading.Lock()

    def open(self, session: Session, digest: str) -> OpenRelease:
        """Open a release of the library.

        Raises:
            NotFoundError: if the library has none with that digest.
        """
        with self._lock:
            if (release := self._releases.get(digest)) is None:
                release = self._releases[digest] = self._open_folder(session, digest)
                if len(self._releases) > self._capacity:
                    self._releases.popitem(last=False)
            self._releases.move_to_end(digest)
            return release

    def _open_folder(self, session: Session, digest: str) -> OpenRelease:
        is_digest = _DIGEST.fullmatch(digest) is not None
        if not is_digest or session.scalar(select(Release.digest).where(Release.digest == digest)) is None:
            raise NotFoundError("The library has no such package.")
        folder = self._folder / digest
        try:
            package = open_directory(folder, digest)
        except PackageError:
            # Never unpacked here, or damaged since.
            shutil.rmtree(folder, ignore_errors=True)
            archive = session.scalars(select(Release.archive).where(Release.digest == digest)).one()
            self._unpack(archive, folder, digest)
            package = open_directory(folder, digest)
        return OpenRelease(package, folder, f"{self._address}/{digest}/assets/")

    def _unpack(self, archive: bytes, folder: Path, digest: str) -> None:
        """Verify what the database holds once more, and write it out under its digest in one step."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self._folder, suffix=".zip") as stream:
            stream.write(archive)
            stream.flush()
            package = read_package(Path(stream.name))
            if package.digest != digest:
                raise PackageError(f"The library holds another package under {digest[:12]}….")
            try:
                unpack(package, folder)
            except OSError:
                # Another process of this host was faster.
                if not folder.is_dir():
                    raise
