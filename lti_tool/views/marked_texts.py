"""Texts of questions, marked with their language where the interface speaks another one (WCAG 3.1.2).

A card mixes words of both. So the card as a whole is in the interface's language, and each text of the module in it is
marked.
"""

from __future__ import annotations

import re
from dataclasses import replace
from html import escape
from typing import overload

from course_builder.package import Feedback, QuestionText
from lti_tool.i18n import language_tag

_BLOCK = re.compile(r"\s*<(?:p|div|ul|ol|dl|table|pre|blockquote|figure|h[2-6]|details|section|hr)\b")


@overload
def mark_html(html: str, language: str) -> str: ...
@overload
def mark_html(html: None, language: str) -> None: ...
def mark_html(html: str | None, language: str) -> str | None:
    """Put a text of a package into an element that names its language."""
    if not html:
        return html
    tag = "div" if _BLOCK.match(html) else "span"
    return f'<{tag} lang="{escape(language)}">{html}</{tag}>'


def mark_text(text: QuestionText, language: str) -> QuestionText:
    """Mark what is asked, if the interface speaks another language."""
    if language == language_tag():
        return text
    return replace(
        text,
        stem=mark_html(text.stem, language),
        options=tuple(replace(each, html=mark_html(each.html, language)) for each in text.options),
        hints=tuple(replace(each, html=mark_html(each.html, language)) for each in text.hints),
        items=tuple(replace(each, html=mark_html(each.html, language)) for each in text.items),
        image=mark_html(text.image, language),
        rubric=tuple(replace(each, html=mark_html(each.html, language)) for each in text.rubric),
    )


def mark_feedback(feedback: Feedback, language: str) -> Feedback:
    """Mark what is said of answers."""
    options = {option: mark_html(html, language) for option, html in feedback.options.items()}
    general = (feedback.right, feedback.partly, feedback.wrong)
    return Feedback(options, *(mark_html(html, language) if html else html for html in general))
