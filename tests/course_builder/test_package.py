import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from course_builder.model import QUESTION_TYPES, Asset, Module, Pool, Question, Quiz
from course_builder.package import PackageError, is_public, open_directory, read_package, unpack
from course_builder.package.format import asset_path, digest_of
from course_builder.package.fragment import Html, QuestionPlace, QuizEnd, QuizStart
from course_builder.package.write import package_members, write_package
from course_builder.render import render_module
from tests.course_builder.question_samples import ALL, DIFFERENT_KEYS
from tests.course_builder.samples import (
    HERE,
    block,
    course,
    members,
    module,
    package,
    page,
    place_of_question,
    question,
    text,
)


@pytest.fixture
def read(tmp_path):
    return read_package(package(tmp_path))


def test_holds_what_was_written(read):
    manifest = read.manifest
    assert (manifest.id, manifest.version, manifest.title) == ("m1", "1.0.0", {"en": "Once only"})
    assert manifest.source_language == "en"
    assert manifest.passing.score == 70
    assert manifest.page("first").questions == ("q-self", "q-single", "q-multiple", "q-order")
    assert manifest.page("first").objectives == ("name-it",)
    assert manifest.page("second") is None
    assert manifest.quiz("check").points == Fraction(9, 2)
    assert manifest.assets[0].alt == {"en": "A map"}
    assert manifest.objectives[0].competences[0].level == "intermediate"


def test_gives_questions_keys_and_feedback(read):
    asked = read.question("en", "q-multiple")
    assert (asked.points, asked.partial, asked.quiz, asked.graded) == (Fraction(5, 2), "net", "check", True)
    assert [option.id for option in asked.options] == ["reuse", "copies", "nothing"]
    assert asked.hints[0].cost == Fraction(1, 4)
    key = read.key("q-multiple")
    assert (key.correct, key.options, key.hint_costs) == (
        ("reuse", "copies"),
        ("reuse", "copies", "nothing"),
        (Fraction(1, 4),),
    )
    assert read.key("q-self").tries is None
    assert read.feedback("en", "q-single").options["copies"] == "<p>Why copies.</p>"
    assert read.feedback("en", "q-single").wrong == "<p>Read the page again.</p>"
    assert read.feedback("fi", "q-single").options == {}
    assert read.solution("en", "q-single") == "<p>Once only.</p>"
    assert read.facilitator("en", "first") == ("<p>Let them talk first.</p>",)


def test_splits_a_page_at_its_places(read):
    parts = read.fragment("en", "first").parts("/p/abc/assets")
    places = [part for part in parts if not isinstance(part, Html)]
    assert places == [
        QuestionPlace("q-self"),
        QuizStart("check"),
        QuestionPlace("q-single"),
        QuestionPlace("q-multiple"),
        QuestionPlace("q-order"),
        QuizEnd("check"),
    ]
    assert 'src="/p/abc/assets/' in parts[0].html
    assert parts[0].__html__() == parts[0].html
    assert [part.kind for part in places[:2]] == ["question", "quiz-start"]


def test_words_about_markup_stay_words(tmp_path):
    words = 'Write `<img src="../../assets/x">` or src="../../assets/x" or `<div data-question="q">`.'
    made = read_package(package(tmp_path, module([page(text(words))])))
    (part,) = made.fragment("en", "first").parts("/a/")
    assert part.html == made.fragment("en", "first").html


def test_graded_questions_outside_any_quiz_form_the_modules_own(tmp_path):
    loose = [
        question("q-a", points=Fraction(3, 2)),
        question("q-b", page="second"),
        question("q-c", page="second", is_graded=False),
    ]
    pages = [
        page([place_of_question("q-a")], loose[:1]),
        page([place_of_question("q-b"), place_of_question("q-c")], loose[1:], id="second"),
    ]
    made = read_package(package(tmp_path, module(pages)))
    (quiz,) = made.manifest.quizzes
    assert (quiz.id, quiz.title, quiz.page) == ("module", {"en": "Once only"}, "second")
    assert (quiz.questions, quiz.points) == (("q-a", "q-b"), Fraction(5, 2))
    assert made.question("en", "q-a").quiz == "module"
    assert made.question("en", "q-c").quiz is None


def test_ids_say_what_changes_a_score_and_what_is_wording():
    def ids(**changes):
        pages = [page([place_of_question("q")], [question("q", **changes)])]
        return members(module(pages))["ids.json"]

    from json import loads

    before, other_points, other_words = (
        loads(ids(**change))["q"] for change in ({}, {"points": Fraction(2)}, {"stem": text("Which?")})
    )
    assert before["kind"] == "question"
    assert other_points["key_digest"] != before["key_digest"]
    assert other_points["text_digest"] == before["text_digest"]
    assert other_words["key_digest"] == before["key_digest"]
    assert other_words["text_digest"] != before["text_digest"]
    assert {"q/reuse", "q/copies", "q/nothing", "first", "name-it"} < loads(ids()).keys()


# Nothing served gives the key away.


def served(made: Module) -> dict[str, bytes]:
    files = package_members(course(made), made, render_module(made))
    return {path: data for path, data in files.items() if is_public(path) or path.startswith("questions/")}


def holding(asked: Question) -> Module:
    return module([page([place_of_question("q")], [replace(asked, id="q")])])


@pytest.mark.parametrize("type_", DIFFERENT_KEYS)
def test_what_is_served_is_the_same_whatever_the_key_is(type_):
    one, other = (holding(asked) for asked in DIFFERENT_KEYS[type_])
    assert members(one)["private/keys.json"] != members(other)["private/keys.json"]
    assert served(one) == served(other)


def test_feedback_solutions_and_facilitator_notes_are_not_served():
    everything = b"".join(served(module()).values())
    for secret in (b"Why ", b"Read the page again", b"Once only.", b"Let them talk"):
        assert secret in members()["private/keys.json"]
        assert secret not in everything


@pytest.mark.parametrize(
    ("path", "may_be_served"),
    [
        ("content/en/first.html", True),
        ("assets/0123456789abcdef-map.svg", True),
        ("search/en.json", True),
        ("private/keys.json", False),
        ("questions/en/q.json", False),
        ("ids.json", False),
        ("module.json", False),
        ("FILES", False),
        ("assets/../private/keys.json", False),
        ("content/en/../../private/keys.json", False),
        ("/content/en/first.html", False),
        ("content/en/first.html\n", False),
        ("Content/en/first.html", False),
    ],
)
def test_says_what_may_be_served_as_a_file(path, may_be_served):
    assert is_public(path) is may_be_served


# The same sources, the same bytes.


def test_the_order_of_assets_does_not_matter(tmp_path):
    assets = (module().assets[0], replace(module().assets[0], path="modules/m1/assets/b.svg", data=b"<svg/>"))
    one, other = (package(tmp_path, module(assets=order)) for order in (assets, assets[::-1]))
    assert one.read_bytes() == other.read_bytes()


def test_the_bytes_depend_on_neither_time_zone_nor_hash_seed(tmp_path):
    script = (
        "from pathlib import Path; from tests.course_builder.samples import package;"
        f"package(Path({str(tmp_path)!r}), name='%s.zip')"
    )
    for name, zone, seed in (("a", "UTC", "0"), ("b", "Pacific/Kiritimati", "1")):
        environment = {**os.environ, "TZ": zone, "PYTHONHASHSEED": seed}
        root = Path(__file__).parents[2]
        subprocess.run([sys.executable, "-c", script % name], check=True, env=environment, cwd=root)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_the_digest_is_that_of_the_list_and_not_of_the_zip(tmp_path):
    digests = {write_package(members(), tmp_path / name, epoch) for name, epoch in (("a", 0), ("b", 1_700_000_000))}
    with zipfile.ZipFile(tmp_path / "b") as archive:
        assert digests == {digest_of(archive.read("FILES"))} == {read_package(tmp_path / "a").digest}
        assert archive.infolist()[0].date_time == (2023, 11, 14, 22, 13, 20)
        assert archive.namelist() == sorted(archive.namelist())
    assert (tmp_path / "a").read_bytes() != (tmp_path / "b").read_bytes()


def test_compressed_media_are_stored_as_they_are(tmp_path):
    asset = replace(module().assets[0], path="modules/m1/assets/a.png", media_type="image/png")
    with zipfile.ZipFile(package(tmp_path, module(assets=(*module().assets, asset)))) as archive:
        methods = {info.filename.rpartition(".")[2]: info.compress_type for info in archive.infolist()}
    assert methods["png"] == zipfile.ZIP_STORED
    assert methods["svg"] == methods["html"] == zipfile.ZIP_DEFLATED


def test_a_write_that_fails_leaves_the_last_package_and_nothing_else(tmp_path):
    path = package(tmp_path)
    before = path.read_bytes()
    with pytest.raises(TypeError):
        write_package({"a": b"x", "b": "not bytes"}, path, 0)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("path", "ending"),
    [
        ("modules/m1/assets/My map (1).svg", "-My-map-1-.svg"),
        ("kartta/ÄÖ.svg", "-AO.svg"),
        ("a/地図.svg", "-file.svg"),
        ("a/" + "x" * 300 + ".svg", "x.svg"),
        ("a/..svg", "-file.svg"),
    ],
)
def test_assets_get_names_that_are_safe_everywhere(path, ending):
    name = asset_path(path, b"x")
    assert name.endswith(ending)
    assert is_public(name)
    assert len(name) < 120


# The unpacked form.


def test_an_unpacked_package_is_the_same(tmp_path, read):
    unpack(read, tmp_path / "folder")
    opened = open_directory(tmp_path / "folder", read.digest)
    assert opened.manifest == read.manifest
    assert opened.members == read.members
    assert all(opened.member(path) == read.member(path) for path in read.members)


def test_unpacking_never_touches_a_folder_that_exists(tmp_path, read):
    (tmp_path / "folder").mkdir()
    with pytest.raises(FileExistsError):
        unpack(read, tmp_path / "folder")
    assert list((tmp_path / "folder").iterdir()) == []


def test_a_changed_file_is_noticed_when_it_is_read(tmp_path, read):
    unpack(read, tmp_path / "folder")
    opened = open_directory(tmp_path / "folder", read.digest)
    (tmp_path / "folder/content/en/first.html").write_text("<p>Other</p>")
    with pytest.raises(PackageError, match=r"content/en/first\.html was changed"):
        opened.fragment("en", "first")


def test_a_lost_file_is_named(tmp_path, read):
    unpack(read, tmp_path / "folder")
    (tmp_path / "folder/private/keys.json").unlink()
    with pytest.raises(PackageError, match=r"private/keys\.json is missing"):
        open_directory(tmp_path / "folder", read.digest).key("q-self")


def test_a_folder_with_another_package_is_refused(tmp_path, read):
    unpack(read, tmp_path / "folder")
    with pytest.raises(PackageError, match="does not hold the package"):
        open_directory(tmp_path / "folder", "0" * 64)
    with pytest.raises(PackageError, match="no unpacked package"):
        open_directory(tmp_path / "nowhere", read.digest)


def test_unpacking_that_fails_leaves_nothing_behind(tmp_path):
    film = Asset("modules/m1/assets/a.mp4", bytes(range(256)) * 1000, "video/mp4")
    path = package(tmp_path, module(assets=(*module().assets, film)))
    read = read_package(path)
    with path.open("r+b") as stream:
        stream.seek(path.stat().st_size // 2)
        stream.write(b"!")
    with pytest.raises(PackageError, match="damaged"):
        unpack(read, tmp_path / "folder")
    assert list(tmp_path.iterdir()) == [path]


def test_gives_only_members_by_their_names(read):
    for path in ("../x", "private/../private/keys.json", "FILES", "", "nothing"):
        with pytest.raises(PackageError, match="no member"):
            read.member(path)


def test_there_is_a_sample_of_every_question_type():
    assert set(ALL) == set(QUESTION_TYPES)
    assert {asked.type for asked in ALL.values()} == set(QUESTION_TYPES)


@pytest.mark.parametrize("type_", QUESTION_TYPES)
def test_reads_back_a_question_of_each_type(tmp_path, type_):
    asked = replace(ALL[type_], id="q")
    made = read_package(package(tmp_path, holding(asked)))
    served_text, key = made.question("en", "q"), made.key("q")
    assert [each.id for each in served_text.items] == [each.id for each in asked.items]
    assert {each.id for each in served_text.options} == {each.id for each in asked.options}
    assert key.pairs == {each.id: each.pair for each in asked.items if each.pair}
    assert key.number == asked.number
    assert key.areas == {each.id: each.area for each in asked.options if each.area}
    fields = {each.id: each.written for each in asked.items if each.written}
    assert key.written == (fields | ({"": asked.written} if asked.written else {}))
    assert served_text.stem.count("<span data-gap=") == (len(asked.items) if type_ == "gap" else 0)
    assert [each.points for each in served_text.rubric] == [each.points for each in asked.rubric]
    feedback = made.feedback("en", "q").options
    assert feedback.keys() >= asked.answer_feedback.keys()


def test_a_quiz_with_a_pool_is_worth_what_is_drawn(tmp_path):
    pooled = [question(f"q-{name}", quiz="check", points=Fraction(2)) for name in ("a", "b", "c")]
    fixed = question("q-fixed", quiz="check")
    ids = ("q-fixed", "q-a", "q-b", "q-c")
    quiz = Quiz("check", "", "first", None, ids, HERE, (Pool(ids[1:], 2, HERE),))
    tokens = block("quiz", [place_of_question(each) for each in ids], "check", title="What you know")
    (entry,) = read_package(package(tmp_path, module([page(tokens, (fixed, *pooled), (quiz,))]))).manifest.quizzes
    assert entry.points == 5
    assert [(pool.draw, pool.questions) for pool in entry.pools] == [(2, ids[1:])]
