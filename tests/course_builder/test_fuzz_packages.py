"""Packages that nobody made: each is refused with a reason, or everything in it can be used."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from course_builder.build import check
from course_builder.package import Package, PackageError, read_package
from course_builder.package.format import format_files
from course_builder.package.write import package_members
from course_builder.render import render_module
from course_builder.scoring import score
from tests.course_builder.fuzzing import many
from tests.course_builder.test_fuzz_sources import KITCHEN_SINK, VALUES, changed


@cache
def good() -> tuple[Mapping[str, bytes], ...]:
    """The members of the packages of a course with every block and type."""
    course = check(KITCHEN_SINK).course
    return tuple(package_members(course, module, render_module(module)) for module in course.modules)


def zipped(members: Mapping[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**members, "FILES": format_files(members)}.items():
            archive.writestr(name, content)
    return data.getvalue()


def use(package: Package) -> None:
    """Take out all that the tool takes out of a package."""
    manifest = package.manifest
    language = manifest.source_language
    for page in manifest.pages:
        assert list(package.fragment(language, page.id).parts("/assets/"))
        package.facilitator(language, page.id)
        for question in page.questions:
            assert package.question(language, question)
            package.feedback(language, question)
            package.solution(language, question)
            score(package.key(question), None)
    package.session_notes(language)
    for member in package.members:
        package.member(member)


def refused_or_used(data: bytes, folder: Path) -> None:
    path = folder / "p.zip"
    path.write_bytes(data)
    try:
        package = read_package(path)
    except PackageError as error:
        assert str(error).endswith(".")  # noqa: PT017 - either of two outcomes is right.
        assert "\n" not in str(error)  # noqa: PT017
        return
    use(package)


def test_good_packages_are_used(tmp_path: Path) -> None:
    for members in good():
        (tmp_path / "p.zip").write_bytes(zipped(members))
        use(read_package(tmp_path / "p.zip"))


@many(200)
@given(st.data(), st.integers(0, 1))
def test_any_value_in_json_is_refused_or_can_be_used(tmp_path: Path, data: st.DataObject, number: int) -> None:
    members = dict(good()[number])
    for _ in range(data.draw(st.integers(1, 2))):
        path = data.draw(st.sampled_from(sorted(path for path in members if path.endswith(".json"))))
        value = json.loads(members[path])
        members[path] = json.dumps(changed(data, value, VALUES)).encode()
    refused_or_used(zipped(members), tmp_path)


@many(100)
@given(st.data(), st.integers(0, 1))
def test_any_text_in_a_fragment_is_refused_or_can_be_used(tmp_path: Path, data: st.DataObject, number: int) -> None:
    members = dict(good()[number])
    path = data.draw(st.sampled_from(sorted(path for path in members if path.endswith(".html"))))
    html = members[path].decode()
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(html)))
        cut = data.draw(st.integers(0, 20))
        put = data.draw(
            st.sampled_from(
                ["", "<", ">", '"', "</div>", "<div>", "<p>", ' id="a"', "&", "&#x0;", "\x00", "é", "\u2028"]
            )
        )
        html = html[:at] + put + html[at + cut :]
    refused_or_used(zipped({**members, path: html.encode()}), tmp_path)


@many(100)
@given(st.data())
def test_any_members_taken_away_or_changed_for_others_are_refused_or_can_be_used(
    tmp_path: Path, data: st.DataObject
) -> None:
    members = dict(good()[data.draw(st.integers(0, 1))])
    for _ in range(data.draw(st.integers(1, 3))):
        one, other = (data.draw(st.sampled_from(sorted(members))) for _ in range(2))
        if data.draw(st.booleans()):
            members[one] = members[other]
        elif len(members) > 1:
            del members[one]
    refused_or_used(zipped(members), tmp_path)


@many(200)
@given(st.data(), st.integers(0, 1))
def test_any_bytes_of_the_file_are_refused_or_can_be_used(tmp_path: Path, data: st.DataObject, number: int) -> None:
    """Change bytes where zip files say what they hold: in their directory at the end, and in each header."""
    content = bytearray(zipped(good()[number]))
    starts = [at for at in range(len(content) - 3) if content[at : at + 2] == b"PK"]
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.sampled_from(starts))
        at = start + data.draw(st.integers(0, 60))
        content[at : at + 4] = data.draw(st.binary(min_size=1, max_size=4) | st.sampled_from([b"\xff" * 4, b"\0" * 4]))
    if data.draw(st.booleans()):
        at = data.draw(st.integers(0, len(content)))
        del content[at : at + data.draw(st.integers(1, 100))]
    refused_or_used(bytes(content), tmp_path)
