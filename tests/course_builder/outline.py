"""A page as an outline that an author could read: what the parser understood."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from course_builder.model import Page, Problem, Question, Tokens, Written
from course_builder.tokens import plain_text
from tests.course_builder.workshop_outline import workshop_outline

_SILENT = {"paragraph", "thead", "tbody"}


def outline(page: Page) -> str:
    """Show a page: its title, its text, its questions where they stand."""
    questions = {question.id: question for question in page.questions}
    lines = [f"page: {page.title}", *_run(page.tokens, questions)]
    lines += [f"quiz {quiz.id}: {quiz.title}: {' '.join(quiz.questions)}" for quiz in page.quizzes]
    lines += workshop_outline(page.workshop)
    return "\n".join(lines)


def problem_lines(problems: Sequence[Problem]) -> str:
    """Show problems without their file, each with its hint."""
    return "\n".join(
        f"{_where(problem)} {problem.severity} {problem.code}: {problem.message}"
        + (f"\n    {problem.hint}" if problem.hint else "")
        for problem in problems
    )


def _where(problem: Problem) -> str:
    place = problem.place
    other_file = f"{place.path}:" if place.path.startswith("shared/") else ""
    return f"{other_file}{place.line}:{place.column}"


def _run(tokens: Tokens, questions: dict[str, Question]) -> Iterator[str]:
    depth = 0
    for token in tokens:
        name = token.type.removesuffix("_open").removesuffix("_close")
        depth -= token.nesting < 0 and name not in _SILENT
        if token.type == "inline":
            yield f"{'  ' * depth}{_inline(token)}"
        elif token.type == "question":
            yield from (f"{'  ' * depth}{line}" for line in _question(questions[token.meta["id"]]))
        elif token.nesting >= 0 and name not in _SILENT and token.type != "footnote_anchor":
            yield f"{'  ' * depth}{_opening(name, token)}"
        depth += token.nesting > 0 and name not in _SILENT


def _opening(name: str, token: Token) -> str:
    if name == "block":
        fence = token.meta["block"]
        details = [f"#{fence.id}"] if fence.id else []
        return " ".join([f":{fence.name}", *details, *(f"{key}={value}" for key, value in fence.attributes.items())])
    attributes = [f"{key}={value}" for key, value in token.attrs.items() if key in {"id", "start"}]
    checked = ["x" if token.meta["checked"] else "o"] if "checked" in token.meta else []
    content = [repr(token.content)] if token.content else []
    label = [f"^{token.meta['label']}"] if "label" in token.meta else []
    if name in {"session", "worksheet", "poll", "board"}:
        return f"{name} {token.meta['id']}"
    return " ".join([token.tag if name == "heading" else name, *attributes, *checked, *label, *content])


def _inline(token: Token) -> str:
    return "".join(_element(child) for child in token.children or ())


def _element(child: Token) -> str:
    if child.type in {"link_open", "span_open"}:
        rest = {**child.attrs, **child.meta.get("attributes", {})}
        return f"<{child.tag} {' '.join(f'{key}={value}' for key, value in rest.items())}>"
    if child.type in {"link_close", "span_close"}:
        return f"</{child.tag}>"
    if child.type == "image":
        rest = {**child.attrs, "alt": plain_text(child.children or ())}
        return f"<img {' '.join(f'{key}={value}' for key, value in rest.items())}>"
    if child.type.startswith("math_inline"):
        return f"{child.markup}{child.content}{child.markup}"
    if child.type == "gap":
        return f"[gap {child.meta['id']}]"
    if child.type == "footnote_ref":
        return f"[{child.meta['id'] + 1}]"
    return {"softbreak": " / ", "hardbreak": " // "}.get(child.type, child.content or child.markup)


def _answer(question: Question) -> Iterator[str]:
    if number := question.number:
        unit = f" {question.unit}" if question.unit else ""
        is_range = number.answer is None
        said = f"{number.minimum} to {number.maximum}" if is_range else f"{number.answer} ± {number.tolerance}"
        yield f"  {said}{unit}"
    if question.written:
        yield from (f"  {line}" for line in _written(question.written))
    for item in question.items:
        yield f"  {item.id}{f' = {item.pair}' if item.pair else ''}"
        yield from (f"      {line}" for line in _run(item.text, {}))
        yield from (f"      {line}" for line in (_written(item.written) if item.written else ()))
        yield from (f"      may be chosen: {choice}" for choice in item.choices)
    for criterion in question.rubric:
        yield f"  criterion {criterion.id}, {criterion.points} points"
        yield from (f"      {line}" for line in _run(criterion.text, {}))
    if limits := question.limits:
        yield f"  at most: {limits.words} words, {limits.files} files {' '.join(limits.accept)}, {limits.size} bytes"
    for name, tokens in question.answer_feedback.items():
        yield from (f"  {name}: {line}" for line in _run(tokens, {}))


def _written(written: Written) -> Iterator[str]:
    for kind, patterns in (("takes", written.accepted), ("foresees", written.foreseen)):
        for pattern in patterns:
            yield f"{kind} {'the expression ' if pattern.is_regex else ''}{pattern.text}"
    if written.is_exact:
        yield "exactly"


def _question(question: Question) -> Iterator[str]:
    tries = question.tries or "any"
    flags = [f"{question.points} points", f"{tries} tries", "graded" if question.is_graded else "self-check"]
    flags += [f"penalty {question.penalty}"] if question.penalty else []
    flags += [question.partial] if question.partial != "off" else []
    yield f"question {question.id} {question.type}: {', '.join(flags)}"
    yield from (f"  {line}" for line in _run(question.stem, {}))
    yield from (f"  image: {line}" for line in _run(question.image, {}))
    yield from _answer(question)
    for option in question.options:
        area = f": {option.area.shape} {' '.join(map(str, option.area.numbers))}" if option.area else ""
        yield f"  {'+' if option.is_correct else '-'} {option.id}{area}"
        yield from (f"      {line}" for line in _run(option.text, {}))
        yield from (f"      > {line}" for line in _run(option.feedback, {}))
    for hint in question.hints:
        yield from (f"  hint {hint.cost}: {line}" for line in _run(hint.text, {}))
    for when, tokens in question.feedback.items():
        yield from (f"  {when}: {line}" for line in _run(tokens, {}))
    yield from (f"  solution: {line}" for line in _run(question.solution, {}))
