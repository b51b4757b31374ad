"""HTML that tries to run a script, to load or send something, to forge our markup, or to break out of its place."""

from tests.course_builder.hostile_html import addresses, basics, clobbering, foreign, malformed, scripts, styles

SUBJECTS = (basics, scripts, addresses, foreign, styles, clobbering, malformed)

CASES: dict[str, str] = {name: html for subject in SUBJECTS for name, html in subject.CASES.items()}
"""Each under a name of its own."""

_BY_REASON = {
    "html5ever follows the newer rule that </p> and </br> leave SVG and MathML; html5lib stays and drops all": (
        "svg style in a p",
        "mutation, end of p in svg",
        "mutation, end of br in svg",
        "mutation, end of p in math",
    ),
    "html5ever takes <style> in a foreign element in HTML in MathML for markup; html5lib takes it for text": (
        "svg style in annotation-xml as HTML",
        "svg style in annotation-xml as XHTML",
        "math style in annotation-xml as HTML",
        "math style in annotation-xml as XHTML",
    ),
    "html5lib loses what stands wrongly in a table that stands in nothing": (
        "script in a plaintext in a table",
        "table breaks out of svg",
        "table breaks out of math",
        "mutation, svg in a table",
    ),
    "html5lib puts the second of two tables in each other's way elsewhere": (
        "mutation, many tables in each other's way",
    ),
    "html5ever reads what stands in a select as browsers do now; html5lib leaves it out": (
        "mutation, text after a select",
    ),
    "bleach does not read the reference in the kind of an annotation, so takes what is in it for MathML": (
        "mutation, annotation-xml with an encoded kind",
    ),
    "html5lib writes the words that isindex had in old browsers": ("script by isindex",),
    "nh3 drops a byte order mark at the start, bleach keeps it": ("byte order mark",),
    "bleach shows a question mark for a control character": (
        "encoding, controls",
        "encoding, escape sequences of ISO 2022",
    ),
    "nh3 drops a tag that the text ends in, bleach shows it as text": (
        "tag, name at the end",
        "tag, attribute at the end",
    ),
}
DIFFERENCES = {name: reason for reason, names in _BY_REASON.items() for name in names}
"""Cases in which the engines disagree, each harmless in both."""

MUTATIONS = {
    "tag, link in a link in a table": "a parser takes the inner link out of the outer one the second time",
}
"""Cases whose cleaned form is another tree when it is read again, each harmless in both."""
