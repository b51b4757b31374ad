"""A browser without scripts: reads pages, chooses options by their words, presses buttons by theirs."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import BytesIO
from urllib.parse import urljoin, urlsplit

from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse

_VOID = {"input", "br", "img", "link", "meta", "hr"}


@dataclass
class Control:
    """An input, textarea, select or button; ``words`` are its label's or its own."""

    tag: str
    attributes: dict[str, str]
    form: str
    question: str
    value: str = ""
    words: str = ""
    options: list[tuple[str, str]] = field(default_factory=list)
    """Of a select: each with its value and its words."""
    files: tuple[tuple[str, bytes], ...] = ()

    @property
    def name(self) -> str:
        return self.attributes.get("name", "")

    @property
    def is_choice(self) -> bool:
        return self.attributes.get("type") in {"radio", "checkbox"}

    @property
    def sent_files(self) -> list[FileStorage]:
        """As a form of several parts sends them; a control in which nothing was chosen sends one without a name."""
        return [FileStorage(BytesIO(content), name) for name, content in self.files or (("", b""),)]

    @property
    def is_sent(self) -> bool:
        if not self.name or self.tag == "button" or "disabled" in self.attributes:
            return False
        return not self.is_choice or "checked" in self.attributes


class _Reader(HTMLParser):
    """Collects forms and controls, each with the form that it belongs to and the question that it stands in."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, dict[str, str]] = {}
        self.controls: list[Control] = []
        self._open: list[tuple[str, dict[str, str]]] = []
        self.texts: dict[str, str] = {}

    def handle_starttag(self, tag, attrs):
        attributes = {name: value or "" for name, value in attrs}
        if tag == "form":
            attributes.setdefault("id", f"form-{len(self.forms)}")
            self.forms[attributes["id"]] = attributes
        is_inert = any(tag == "template" for tag, _attributes in self._open)
        if tag in {"input", "select", "button", "textarea"} and not is_inert:
            form = attributes.get("form") or next((a["id"] for t, a in reversed(self._open) if t == "form"), "")
            question = next((a["data-question"] for _t, a in reversed(self._open) if "data-question" in a), "")
            self.controls.append(Control(tag, attributes, form, question, attributes.get("value", "")))
        if tag == "option":
            self.controls[-1].options.append((attributes.get("value", ""), ""))
            if "selected" in attributes:
                self.controls[-1].value = attributes.get("value", "")
                self.controls[-1].attributes["selecting"] = ""
        if tag not in _VOID:
            self._open.append((tag, attributes))

    def handle_endtag(self, tag):
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        tags = [tag for tag, _attributes in self._open]
        for _tag, attributes in self._open:
            if "id" in attributes:
                self.texts[attributes["id"]] = f"{self.texts.get(attributes['id'], '')} {data}"
        if not self.controls:
            return
        last = self.controls[-1]
        if "option" in tags:
            value, _words = last.options.pop()
            # An option without a value of its own has its words as such.
            last.options.append((value or ("" if data in {"…", "Choose"} else data), data))
            if last.attributes.pop("selecting", None) is not None:
                last.value = last.options[-1][0]
        elif "textarea" in tags:
            last.value += data.removeprefix("\n") if not last.value else data
        elif "button" in tags or "label" in tags or "order-item" in str(self._open[-3:]):
            last.words = f"{last.words} {data}".strip()


class Page:
    """A page that was read, with what was chosen on it."""

    def __init__(self, visitor: Visitor, response: TestResponse) -> None:
        self.visitor = visitor
        self.status = response.status_code
        self.path = urlsplit(response.request.url).path
        self.html = response.get_data(as_text=True)
        reader = _Reader()
        reader.feed(self.html)
        self.forms, self.controls = reader.forms, reader.controls
        for control in self.controls:
            if named := control.attributes.get("aria-labelledby"):
                control.words = " ".join(" ".join(reader.texts.get(id_, "").split()) for id_ in named.split())
            elif "aria-label" in control.attributes and control.tag != "button" and not control.words:
                control.words = control.attributes["aria-label"]

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", self.html))

    def in_question(self, question: str) -> list[Control]:
        return [control for control in self.controls if control.question == question]

    def choose(self, question: str, *words: str) -> Page:
        """Tick exactly the options that begin with these words."""
        for control in self.in_question(question):
            if control.is_choice:
                control.attributes.pop("checked", None)
                if any(control.words.startswith(word) for word in words):
                    control.attributes["checked"] = ""
        return self

    def arrange(self, question: str, *words: str) -> Page:
        """Number the items in this order."""
        for control in self.in_question(question):
            if control.tag == "select":
                control.value = str(1 + next(i for i, word in enumerate(words) if control.words.startswith(word)))
        return self

    def write(self, question: str, answer: str, label: str = "") -> Page:
        """Write into the field, or into the one whose label begins with these words."""
        [field] = [
            control
            for control in self.in_question(question)
            if (control.tag == "textarea" or control.attributes.get("type") == "text")
            and control.words.startswith(label)
        ]
        field.value = answer
        return self

    def pick(self, question: str, label: str, words: str) -> Page:
        """Choose from the list whose label begins with these words."""
        [chosen] = [
            control
            for control in self.in_question(question)
            if control.tag == "select" and control.words.startswith(label)
        ]
        [chosen.value] = [value for value, text in chosen.options if words in text]
        return self

    def attach(self, question: str, *files: tuple[str, bytes]) -> Page:
        """Choose files, each by its name and content."""
        [control] = [each for each in self.in_question(question) if each.attributes.get("type") == "file"]
        control.files = files
        return self

    def fields(self, form: str) -> MultiDict[str, str]:
        """What the form sends."""
        return MultiDict(
            (control.name, value)
            for control in self.controls
            if control.form == form and control.is_sent
            for value in (control.sent_files if control.attributes.get("type") == "file" else [control.value])
        )

    def button(self, words: str, question: str = "") -> Control:
        [found] = [
            control
            for control in self.controls
            if control.tag == "button"
            and control.words.startswith(words)
            and (not question or control.question == question)
            and control.attributes.get("type", "submit") == "submit"
        ]
        return found

    def press_first(self, words: str, question: str) -> Page:
        """Press the first of several buttons with the same words."""
        others = [each for each in self.in_question(question) if each.tag == "button" and each.words.startswith(words)]
        self.controls = [each for each in self.controls if each not in others[1:]]
        return self.press(words, question)

    def press(self, words: str, question: str = "") -> Page:
        """Press a button and follow where it leads."""
        button = self.button(words, question)
        form = self.forms[button.form]
        fields = self.fields(button.form)
        if button.name:
            fields.add(button.name, button.value)
        address = urljoin(self.path, button.attributes.get("formaction") or form["action"])
        is_of_parts = form.get("enctype") == "multipart/form-data"
        if not is_of_parts:
            fields = MultiDict((name, getattr(each, "filename", each)) for name, each in fields.items(multi=True))
        return self.visitor.post(address, fields)


class Visitor:
    """A person's browser at a launch; ``home`` is the address of the launch's first page."""

    def __init__(self, client: FlaskClient, home: str) -> None:
        self.client = client
        self.home = home
        self.form_page = "pages/reading"

    def open(self, path: str = "") -> Page:
        return Page(self, self.client.get(urljoin(self.home, path), follow_redirects=True))

    def post(self, path: str, fields: MultiDict[str, str] | dict[str, str]) -> Page:
        return Page(self, self.client.post(urljoin(self.home, path), data=fields, follow_redirects=True))

    @property
    def token(self) -> str:
        """The form token of this launch."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.open(self.form_page).html)
        assert found
        return found[1]

    def autosave(self, quiz: str, question: str, **body: object) -> TestResponse:
        return self.client.put(
            urljoin(self.home, f"quizzes/{quiz}/answers/{question}"),
            json=body,
            headers={"X-CSRF-Token": self.token, "Accept": "application/json"},
        )
