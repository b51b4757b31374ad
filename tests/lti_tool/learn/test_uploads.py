"""Files that learners hand in: taken, refused with a reason, given back to whom they belong, and to nobody else."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urljoin

import pytest
from sqlalchemy import func, select

from lti_tool.extensions import db
from lti_tool.models import Answer, Attempt, Upload
from lti_tool.services import personal_data, uploads
from lti_tool.services.uploads import tidy_name
from tests.lti_tool.learn.all_types import QUESTIONS

PLAN = ("plan.pdf", b"%PDF-1.7 the plan")
MAP = ("map.pdf", b"%PDF-1.7 the map")


@pytest.fixture
def quiz(type_learner):
    return type_learner.open("pages/quiz")


def kept(app) -> list[tuple[str, bytes]]:
    with app.app_context():
        return [(each.name, each.content) for each in db.session.scalars(select(Upload).order_by(Upload.id))]


def answer(app) -> Answer | None:
    with app.app_context():
        return db.session.scalar(select(Answer).where(Answer.question_id == "q-upload"))


def said(page, question: str = "q-upload") -> str:
    [card] = re.findall(rf'<section class="question" id="{question}".*?</section>', page.html, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", card).split())


def address(page, name: str) -> str:
    [href] = re.findall(rf'href="([^"]+)" download[^>]*>{re.escape(name)}<', page.html)
    return urljoin(page.path, href)


def test_a_file_is_handed_in_and_given_back_as_a_download(app, quiz):
    page = quiz.attach("q-upload", PLAN).press("Add", "q-upload")
    assert page.status == 200
    assert "plan.pdf 1 kB Take back" in said(page)
    assert kept(app) == [PLAN]
    assert answer(app).response == ["plan.pdf"]
    given = page.visitor.client.get(address(page, "plan.pdf"))
    assert given.data == PLAN[1]
    assert given.headers["Content-Disposition"] == "attachment; filename=plan.pdf"
    assert given.headers["Content-Type"] == "application/octet-stream"
    assert given.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in given.headers["Cache-Control"]


@pytest.mark.parametrize("button", ["Look over and submit", "Save"])
def test_a_file_that_was_chosen_goes_with_whatever_button_is_pressed(app, quiz, button):
    quiz.attach("q-upload", PLAN).write("q-essay", "Text as well").press(button)
    assert kept(app) == [PLAN]


def test_files_are_added_one_by_one_and_taken_back(app, quiz):
    page = quiz.attach("q-upload", PLAN).press("Add", "q-upload").attach("q-upload", MAP).press("Add", "q-upload")
    assert answer(app).response == ["plan.pdf", "map.pdf"]
    assert "as many files as may be handed in" in said(page)
    assert not [each for each in page.in_question("q-upload") if each.attributes.get("type") == "file"]
    page = page.press_first("Take back", "q-upload")
    assert kept(app) == [MAP]
    assert answer(app).response == ["map.pdf"]
    page = page.press("Take back", "q-upload")
    assert kept(app) == []
    assert answer(app).response is None


def test_a_file_of_the_same_name_takes_the_place_of_the_other(app, quiz):
    page = quiz.attach("q-upload", PLAN).press("Add", "q-upload")
    page.attach("q-upload", ("plan.pdf", b"%PDF-1.7 better")).press("Add", "q-upload")
    assert kept(app) == [("plan.pdf", b"%PDF-1.7 better")]


def test_two_windows_that_add_files_do_not_disagree(app, type_learner, quiz):
    other = type_learner.open("pages/quiz")
    quiz.attach("q-upload", PLAN).press("Add", "q-upload")
    page = other.attach("q-upload", MAP).press("Add", "q-upload")
    assert page.status == 200
    assert kept(app) == [PLAN, MAP]


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ([("plan.docx", b"PK\x03\x04")], "“plan.docx” is of another kind. This question takes: pdf."),
        ([("plan", b"%PDF-")], "“plan” is of another kind."),
        ([("plan.pdf", b"")], "“plan.pdf” is empty."),
        ([("plan.pdf", b"MZ\x90 a program")], "“plan.pdf” is not what its ending says"),
        ([("plan.pdf", b"%PDF-" + b"x" * 300_000)], "“plan.pdf” is larger than 0.3 MB."),
        ([PLAN, MAP, ("third.pdf", b"%PDF-")], "2 files may be handed in here."),
        ([PLAN, ("bad.exe", b"%PDF-")], "“bad.exe” is of another kind."),
        ([], "Choose a file first."),
    ],
)
def test_what_cannot_be_handed_in_is_said_at_the_question_and_nothing_else_is_lost(app, quiz, files, says):
    page = quiz.write("q-essay", "Kept.").attach("q-upload", *files).press("Add", "q-upload")
    assert page.status == 422
    assert says in said(page)
    assert kept(app) == []
    with app.app_context():
        assert db.session.scalar(select(Answer.response).where(Answer.question_id == "q-essay")) == "Kept."


def test_more_than_the_tool_takes_ends_on_a_page_with_a_way_back(app, quiz):
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], max_upload_bytes=1_000)
    page = quiz.attach("q-upload", ("plan.pdf", b"%PDF-" + b"x" * 2_000)).press("Add", "q-upload")
    assert page.status == 413
    assert "larger than the tool takes" in page.text


def test_nobody_else_gets_a_file(app, quiz, visit):
    page = quiz.attach("q-upload", PLAN).press("Add", "q-upload")
    file = address(page, "plan.pdf").split("/questions/")[1]
    others = [visit("learner-2"), visit("teacher", is_trainer=True), visit(link="another")]
    for other in others:
        assert other.client.get(urljoin(other.home, f"questions/{file}")).status_code == 404
    assert (
        page.visitor.client.get(
            urljoin(page.visitor.home, f"questions/c-upload/files/{file.split('/')[-1]}")
        ).status_code
        == 404
    )


def test_once_submitted_files_stay_and_wait_for_a_person(app, quiz):
    page = quiz.attach("q-upload", PLAN).press("Look over and submit")
    assert "plan.pdf" in page.text
    page = page.press("Submit")
    assert answer(app).state == "waiting"
    assert "Take back" not in said(page)
    assert page.visitor.client.get(address(page, "plan.pdf")).data == PLAN[1]
    again = page.visitor.post(
        "questions/q-upload/files", {"csrf_token": page.visitor.token, "attempt": "1", "remove": "1"}
    )
    assert again.status == 409
    assert kept(app) == [PLAN]


def test_a_question_that_asks_for_no_file_takes_none(app, type_learner):
    token = type_learner.token
    for name in ("q-q-essay", "q-nothing", "q-c-upload"):
        fields = {"csrf_token": token, "attempt": "1", name: (io.BytesIO(b"%PDF-"), "plan.pdf")}
        response = type_learner.client.post(
            urljoin(type_learner.home, "questions/q-upload/files"), data=fields, content_type="multipart/form-data"
        )
        assert response.status_code == 404
    assert kept(app) == []


def test_a_file_belongs_to_what_is_known_of_a_person_without_its_content(app, quiz):
    quiz.attach("q-upload", PLAN).press("Add", "q-upload")
    with app.app_context():
        found = personal_data.collect(db.session(), db.session.scalar(select(Attempt)).person, datetime.now(UTC))
        [row] = found["upload"]
        assert (row["name"], row["size"]) == ("plan.pdf", len(PLAN[1]))
        assert "content" not in row
        assert zipfile.ZipFile(io.BytesIO(personal_data.as_csv(found))).read("upload.csv")


def test_a_file_goes_with_its_attempt(app, quiz):
    quiz.attach("q-upload", PLAN).press("Add", "q-upload")
    with app.app_context():
        db.session.delete(db.session.scalar(select(Answer).where(Answer.question_id == "q-upload")))
        db.session.flush()
        db.session.execute(Attempt.__table__.delete())
        db.session.commit()
        assert db.session.scalar(select(func.count()).select_from(Upload)) == 0


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("C:\\Users\\me\\plan.pdf", "plan.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("x\r\nSet-Cookie: a=b.pdf", "xSet-Cookie: a=b.pdf"),
        ("n" * 300 + ".pdf", "n" * 196 + ".pdf"),
        ("   ", "file"),
        ("..", "file"),
        (".pdf", "pdf"),
        ("Ma\u0308a\u0308ra\u0308ys.pdf", "Määräys.pdf"),
        ("n" * 300, "n" * 200),
    ],
)
def test_names_are_tidied(sent, name):
    assert tidy_name(sent) == name


def test_every_ending_that_is_known_is_no_program():
    assert not uploads.PROGRAMS & uploads.BEGINNINGS.keys()
    assert "upload" in QUESTIONS
