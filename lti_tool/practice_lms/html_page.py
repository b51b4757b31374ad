"""Reading the forms, frames and links of an HTML page, as a browser without scripts sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

FormValues = Mapping[str, str | Sequence[str]]
Fields = list[tuple[str, str]]
BUTTON_TYPES = frozenset({"submit", "button", "reset", "image"})


@dataclass(slots=True)
class Control:
    """One control of a form; a ``select`` is one control for each of its options."""

    name: str
    kind: str
    value: str = ""
    is_chosen: bool = True
    is_in_noscript: bool = False


@dataclass(slots=True)
class Form:
    """A form; ``attributes`` are those of its tag."""

    attributes: dict[str, str]
    page_url: str
    destination: str
    """What the page was loaded into: ``document`` or ``iframe``."""
    controls: list[Control] = field(default_factory=list)

    @property
    def action(self) -> str:
        """Where it is sent, as written; empty means the page itself."""
        return self.attributes.get("action", "")

    @property
    def method(self) -> str:
        """``GET`` or ``POST``."""
        return self.attributes.get("method", "get").upper()

    @property
    def is_sent_by_script(self) -> bool:
        """Whether a script sends it at once, so that only people without scripts see a button."""
        if "data-auto-submit" in self.attributes:
            return True
        buttons = [control for control in self.controls if control.kind == "submit"]
        return bool(buttons) and all(button.is_in_noscript for button in buttons)

    def fields(self, values: FormValues | None = None, button: str | None = None) -> Fields:
        """What is sent.

        Args:
            values: by name, instead of what the page has chosen; a list for several of one name.
            button: the name of the button that was pressed.

        Raises:
            KeyError: if the form has no control of a name.
        """
        names = {control.name for control in self.controls}
        for name in {**(values or {}), **({button: ""} if button else {})}:
            if name not in names:
                raise KeyError(f"the form has no control named {name!r}; it has {sorted(names)}")
        sent: Fields = []
        for control in self.controls:
            is_pressed = control.kind == "submit" and control.name == button
            if control.name in (values or {}) or not control.name:
                continue
            if is_pressed or (control.kind not in BUTTON_TYPES and control.is_chosen):
                sent.append((control.name, control.value))
        for name, value in (values or {}).items():
            sent += [(name, each) for each in ([value] if isinstance(value, str) else value)]
        return sent


class PageParser(HTMLParser):
    """Collects what a page offers to follow; feed it the text once."""

    def __init__(self, url: str, destination: str = "document") -> None:
        super().__init__(convert_charrefs=True)
        self.url = url
        self.destination = destination
        self.title = ""
        self.forms: list[Form] = []
        self.frames: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.words: list[str] = []
        self._form: Form | None = None
        self._open_text: list[str] | None = None
        self._select: dict[str, str] = {}
        self._valueless: Control | None = None
        self._silent = ""
        self._is_in_noscript = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of a tag that matters."""
        attributes = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(attributes, self.url, self.destination)
            self.forms.append(self._form)
        elif tag == "noscript":
            self._is_in_noscript = True
        elif tag == "iframe":
            self.frames.append(attributes.get("src", ""))
        elif tag == "a" and "href" in attributes:
            self.links.append((attributes["href"], ""))
            self._open_text = []
        elif tag in ("script", "style"):
            self._silent = tag
        elif tag == "title":
            self._open_text = []
        else:
            self._control(tag, attributes)

    def _control(self, tag: str, attributes: dict[str, str]) -> None:
        name, value = attributes.get("name", ""), attributes.get("value", "")
        if tag == "input":
            kind = attributes.get("type", "text").lower()
            is_choice = kind in ("radio", "checkbox")
            default = "on" if is_choice and "value" not in attributes else value
            self._add(attributes, Control(name, kind, default, not is_choice or "checked" in attributes))
        elif tag == "button":
            self._add(attributes, Control(name, attributes.get("type", "submit").lower(), value))
        elif tag == "select":
            self._select = attributes
        elif tag == "option" and self._select:
            option = Control(self._select.get("name", ""), "select", value, "selected" in attributes)
            # The text of an option is its value where it has no other.
            self._valueless = None if "value" in attributes else option
            self._add({**self._select, **attributes}, option)
        elif tag == "textarea":
            self._add(attributes, Control(name, "textarea"))
            self._open_text = []

    def _add(self, attributes: dict[str, str], control: Control) -> None:
        control.is_in_noscript = self._is_in_noscript
        owner = self._form
        if "form" in attributes:
            owner = next((form for form in self.forms if form.attributes.get("id") == attributes["form"]), owner)
        if owner is not None and "disabled" not in attributes:
            owner.controls.append(control)

    def handle_endtag(self, tag: str) -> None:
        """Close what a tag opened."""
        text = "".join(self._open_text or [])
        if tag == "form":
            self._form = None
        elif tag == "noscript":
            self._is_in_noscript = False
        elif tag == "option":
            self._valueless = None
        elif tag == "select":
            self._select, self._valueless = {}, None
        elif tag == self._silent:
            self._silent = ""
        elif tag == "title":
            self.title, self._open_text = text.strip(), None
        elif tag == "a" and self.links and self._open_text is not None:
            self.links[-1], self._open_text = (self.links[-1][0], text.strip()), None
        elif tag == "textarea" and self._form and self._form.controls and self._open_text is not None:
            self._form.controls[-1].value, self._open_text = text.removeprefix("\n"), None

    def handle_data(self, data: str) -> None:
        """Keep text that people see."""
        if self._silent:
            return
        self.words.append(data)
        if self._valueless is not None:
            self._valueless.value += data.strip()
        if self._open_text is not None:
            self._open_text.append(data)
