"""Formulas: what comes out is MathML of the list, whatever goes in, and a package is held to the same list."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_builder.formulas import FormulaError, to_mathml
from course_builder.sanitize import first_violation, sanitize


def test_a_formula_becomes_mathml() -> None:
    assert to_mathml(r"\frac{a}{2}", is_display=False) == (
        '<math display="inline"><mrow><mfrac><mrow><mi>a</mi></mrow><mrow><mn>2</mn></mrow></mfrac></mrow></math>'
    )


def test_cells_are_aligned_by_classes_of_the_design() -> None:
    cases = to_mathml(r"\begin{cases} a & b \\ c & d \end{cases}", is_display=True)
    assert cases.count('<mtd class="math-left">') == 4


def test_text_in_a_formula_is_text() -> None:
    html = to_mathml(r"\text{<img src=x onerror=alert(1)>} < b", is_display=False)
    assert "<img" not in html
    assert "&lt;img src=x" in html.replace("\xa0", " ")


FORMULAS = [
    r"x_1^2 + \sqrt[3]{y} \leq \frac{a}{b} \cdot 50\,\%",
    r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}",
    r"\begin{align*} a &= b \\ &= c \end{align*}",
    r"\left( \sum_{i=1}^n i \right)^2 \quad \text{for all } n \in \mathbb{N}",
    r"\overbrace{a + b}^{\text{both}} \xrightarrow{f} \hat{x} \vec{y} \overline{z}",
    r"\lim_{x \to 0} \frac{\sin x}{x} = 1, \int_0^1 f'(x)\,dx",
    r"\binom{n}{k} \dfrac{1}{2} \mathrm{CO}_2 \mathbf{v} \phantom{x} \hspace{2em} \dots",
    "ä € ≥ < > & \" '",
]


@pytest.mark.parametrize("source", FORMULAS)
@pytest.mark.parametrize("is_display", [True, False])
def test_what_is_written_may_stand_in_a_package(source: str, is_display: bool) -> None:
    assert first_violation(f"<p>{to_mathml(source, is_display=is_display)}</p>") is None


COMMANDS = r"\frac \sqrt \left( \right) \begin{matrix} \end{matrix} \text{ \operatorname \sum \hspace \mathbf"
OTHERS = r"{ } [ ] _ ^ & ' a 1 , < > % é \ \\ $ ~ # <script> 9em -->"
PIECES = st.sampled_from([*COMMANDS.split(), *OTHERS.split(), " "])


@given(st.lists(PIECES, max_size=14).map("".join) | st.text(max_size=30))
def test_any_text_is_mathml_of_the_list_or_a_mistake_with_its_place(source: str) -> None:
    try:
        html = to_mathml(source, is_display=True)
    except FormulaError as mistake:
        found = mistake
    else:
        assert first_violation(html) is None
        return
    assert 0 <= found.offset <= len(source)
    assert str(found)
    assert found.hint


@pytest.mark.parametrize(
    ("html", "what"),
    [
        ("<mrow></mrow>", "the element <mrow>"),
        ("<math><mtext><p>x</p></mtext></math>", "the element <p> in a formula"),
        ('<math><mi><a href="x">x</a></mi></math>', "the element <a> in a formula"),
        ("<math><annotation-xml></annotation-xml></math>", "markup that is not in its plain form"),
        ("<math><semantics></semantics></math>", "the element <semantics> in a formula"),
        ("<math><mglyph></mglyph></math>", "the element <mglyph> in a formula"),
        ("<math><maction></maction></math>", "the element <maction> in a formula"),
        ("<math><math></math></math>", "the element <math> in a formula"),
        ("<math>text</math>", "text in the element <math> of a formula"),
        ("<math><mrow>text</mrow></math>", "text in the element <mrow> of a formula"),
        ('<math href="x"></math>', "the attribute href on <math>"),
        ('<math><mi id="x">x</mi></math>', "the attribute id on <mi>"),
        ('<math><mi mathcolor="red">x</mi></math>', "the attribute mathcolor on <mi>"),
        ('<math><mtd class="alert"></mtd></math>', "the attribute class on <mtd>"),
        ('<math><mspace width="999em"></mspace></math>', "the attribute width on <mspace>"),
        ('<math><mspace width="-50vw"></mspace></math>', "the attribute width on <mspace>"),
        ("<math><mrow></math></mrow>", "an end </math> of nothing that is open"),
        ("<svg></svg>", "the element <svg>"),
    ],
)
def test_a_package_holds_no_other_mathml(html: str, what: str) -> None:
    assert (first_violation(html) or "").startswith(what)


def test_an_author_writes_no_mathml() -> None:
    assert sanitize("<math><mi>x</mi></math>after") == "after"
