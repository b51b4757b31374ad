"""The library takes sound packages, never changes a release, and serves nothing private."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from course_builder.package import is_public, read_package
from lti_tool.errors import PackageRefusedError
from lti_tool.extensions import db
from lti_tool.models import Attempt, Placement, Release
from lti_tool.services import library
from lti_tool.services.shelf import Shelf
from tests.lti_tool.learn.town import QUIZ, READING, SECRETS, build_town


@pytest.fixture
def build(tmp_path):
    """Build a version of the module with changed pages."""

    def build_version(version, **changes):
        pages = {"reading.md": READING, "quiz.md": QUIZ}
        pages |= {f"{name}.md": text for name, text in changes.items()}
        return build_town(tmp_path / f"build-{len(list(tmp_path.iterdir()))}", version, pages)

    return build_version


def test_the_same_package_again_changes_nothing(app, publish, town):
    assert publish(town) == publish(town)
    with app.app_context():
        assert len(db.session.scalars(select(Release.digest)).all()) == 1


def test_a_published_version_is_never_replaced(publish, town, build):
    publish(town)
    with pytest.raises(PackageRefusedError, match=r"Version 1\.0\.0 of town is published already"):
        publish(build("1.0.0", reading=READING.replace("bridge.", "bridge, again.")))


def test_a_package_that_was_tampered_with_is_refused(publish, town, tmp_path):
    damaged = tmp_path / "damaged.zip"
    with zipfile.ZipFile(town) as source, zipfile.ZipFile(damaged, "w") as target:
        for item in source.infolist():
            data = source.read(item)
            target.writestr(item, data.replace(b"bridge", b"BRIDGE") if item.filename.endswith(".html") else data)
    with pytest.raises(PackageRefusedError, match=r"damaged\.zip was not published"):
        publish(damaged)


def test_ids_that_the_tables_have_no_room_for_are_refused(publish, build):
    with pytest.raises(PackageRefusedError, match="at most 100"):
        publish(build("1.0.0", quiz=QUIZ.replace("q-single", "q-" + "s" * 120)))


def test_placements_follow_patches_and_minors_but_no_major(app, publish, visit, town, build):
    publish(town)
    visit()

    def version_shown():
        with app.app_context():
            return db.session.get(Release, db.session.scalar(select(Placement.release_digest))).version

    for published, shown in (
        ("1.0.1", "1.0.1"),
        ("1.2.0", "1.2.0"),
        ("1.1.0", "1.2.0"),
        ("2.0.0", "1.2.0"),
        ("1.10.0", "1.10.0"),
    ):
        publish(build(published))
        assert version_shown() == shown, published


def test_a_running_attempt_stays_on_its_version_and_the_next_one_gets_the_new_one(app, publish, visit, town, build):
    old = publish(town)
    learner = visit()
    learner.open("pages/quiz").choose("q-single", "Alpha").press("Save")
    new = publish(
        build("1.0.1", quiz=QUIZ.replace("Pick one.", "Choose one."), reading=READING.replace("has a", "had a"))
    )
    assert "had a" in learner.open("pages/reading").text
    page = learner.open("pages/quiz")
    assert "Pick one." in page.text
    assert "Choose one." not in page.text
    page.press("Look over and submit").press("Submit").press("Try again")
    assert "Choose one." in learner.open("pages/quiz").text
    with app.app_context():
        assert db.session.scalars(select(Attempt.release_digest).order_by(Attempt.number)).all() == [old, new]


def test_a_question_that_moved_away_from_the_quiz_page_is_still_answered_in_a_running_attempt(
    publish, visit, town, build
):
    publish(town)
    learner = visit()
    learner.open("pages/quiz").choose("q-single", "Alpha").press("Save")
    start = QUIZ.index("::: question {#q-order")
    end = QUIZ.index("::: question {#q-tries")
    publish(build("1.1.0", quiz=QUIZ[:start] + QUIZ[end:]))
    page = learner.open("pages/quiz")
    assert page.in_question("q-order")
    review = page.arrange("q-order", "First", "Second", "Third").press("Look over and submit")
    assert "You reached 2 of 6 points." in review.press("Submit").text


def test_only_public_members_are_served(client, publish, town):
    digest = publish(town)
    for member in read_package(town).members:
        answer = client.get(f"/packages/{digest}/{member}", buffered=True)
        assert answer.status_code == (200 if is_public(member) else 404), member
        assert not any(secret in answer.get_data(as_text=True) for secret in SECRETS), member
    for path in ("FILES", "private/keys.json", "content/../private/keys.json", "assets/%2e%2e/private/keys.json", ""):
        assert client.get(f"/packages/{digest}/{path}").status_code == 404, path


def test_public_files_are_cached_for_ever_and_can_do_nothing_by_themselves(client, publish, town):
    digest = publish(town)
    for member in filter(is_public, read_package(town).members):
        answer = client.get(f"/packages/{digest}/{member}", buffered=True)
        assert "immutable" in answer.headers["Cache-Control"]
        assert "public" in answer.headers["Cache-Control"]
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    image = next(member for member in read_package(town).members if member.endswith(".svg"))
    assert client.get(f"/packages/{digest}/{image}", buffered=True).mimetype == "image/svg+xml"


def test_an_unknown_digest_is_not_found(client, publish, town):
    publish(town)
    for digest in ("0" * 64, "x", "..", "%2e%2e", "a%00b"):
        assert client.get(f"/packages/{digest}/search/en.json").status_code == 404


def test_a_damaged_unpacked_package_is_unpacked_anew(app, publish, town, tmp_path):
    digest = publish(town)
    with app.app_context():
        Shelf(tmp_path / "shelf").open(db.session(), digest)
        (tmp_path / "shelf" / digest / "FILES").write_text("damaged")
        again = Shelf(tmp_path / "shelf").open(db.session(), digest)
        assert again.manifest.id == "town"


def test_a_shelf_forgets_what_was_used_longest_ago(app, publish, town, build, tmp_path):
    digests = [publish(town), publish(build("1.0.1")), publish(build("1.0.2"))]
    with app.app_context():
        shelf = Shelf(tmp_path / "shelf", capacity=2)
        first, second, _third = (shelf.open(db.session(), digest) for digest in digests)
        assert shelf.open(db.session(), digests[1]) is second
        assert shelf.open(db.session(), digests[0]) is not first


def test_the_newest_release_is_the_one_with_the_highest_version(app, publish, build):
    for version in ("1.9.0", "1.10.0", "1.2.0"):
        publish(build(version))
    with app.app_context():
        assert library.newest(db.session(), "town").version == "1.10.0"
        assert [release.version for release in library.list_modules(db.session())] == ["1.10.0"]
        assert library.newest(db.session(), "nothing") is None


def test_a_release_published_at_a_time_keeps_it(app, town):
    at = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
    with app.app_context():
        assert library.publish(db.session(), town, at).published_at == at
