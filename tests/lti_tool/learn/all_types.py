"""A module with a question of each type: once as a self-check with two tries, once in a quiz, and with a pool."""

from __future__ import annotations

QUESTIONS = {
    "single": """
Who owns the bridge?

- [ ] The river <!--#river-->
  > FEEDBACK-RIVER rivers own nothing.
- [x] The town <!--#town-->
  > FEEDBACK-TOWN it was paid by the town.
- [ ] Nobody <!--#nobody-->
""",
    "multiple": """
What is made of stone?

- [x] The bridge <!--#bridge-->
  > FEEDBACK-BRIDGE since 1880.
- [ ] The boat <!--#boat-->
- [x] The tower <!--#tower-->
""",
    "truefalse": """
The town is older than the bridge.

- [x] True <!--#true-->
  > FEEDBACK-TRUE by two hundred years.
- [ ] False <!--#false-->
""",
    "number": """
How long is the bridge?
""",
    "text": """
What is the principle called that data is asked for once?

::: answers

- once-only
- `only[- ]once`
- [ ] data minimisation
  > FORESEEN-MINIMISATION that is about how much is asked, not how often.

:::
""",
    "order": """
What comes first when a bridge is built?

1. Plan <!--#plan-->
2. Permit <!--#permit-->
3. Build <!--#build-->
""",
    "match": """
Who does what?

| Who | Does |
|---|---|
| The council <!--#council--> | decides <!--#decides--> |
| The officer <!--#officer--> | prepares <!--#prepares--> |
| | forgets <!--#forgets--> |
""",
    "gap": """
A fact is given [once]{gap=how-often}, and offices [share|pass on]{gap=what wrong="lose|copy"} it.
""",
    "table": """
What is true of the town?

| Statement | Yes <!--#yes--> | No <!--#no--> |
|---|---|---|
| It has a bridge. <!--#has-bridge--> | x | |
| It has a harbour. <!--#has-harbour--> | | x |
""",
    "survey": """
How do you feel about the bridge?

| Statement | Well <!--#well--> | Badly <!--#badly--> |
|---|---|---|
| I like it. <!--#like--> | | |
| I use it. <!--#use--> | | |
""",
    "hotspot": """
Where is the town?

![A river, with a town on its north bank](river.svg)

| Area | Shape | Key |
|---|---|---|
| The north bank <!--#north--> | rect 10 0 80 40 | x |
| The south bank <!--#south--> | rect 10 60 80 40 | |
""",
    "essay": """
Write to the council why the bridge matters.

::: rubric

| Criterion | Points |
|---|---|
| Names two reasons <!--#reasons--> | 1 |
| Is clear <!--#clear--> | 1 |

:::

::: solution

SOLUTION-ESSAY it joins both banks.

:::
""",
    "upload": """
Hand in your plan.

::: rubric

| Criterion | Points |
|---|---|
| Is complete <!--#complete--> | 2 |

:::
""",
}
"""By type: what stands between the fences."""

KEYS = {
    "number": "answer=12.5 tolerance=1/2 unit=m",
    "essay": "words=50",
    "upload": "accept=.pdf files=2 size=300kB",
    "survey": "anonymous=yes",
}
HAS_ONE_TRY = frozenset({"survey", "essay", "upload"})
POINTS = {"essay": 2, "upload": 2}

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="240" viewBox="0 0 400 240">'
    '<rect width="400" height="240" fill="#dfe8d5"/><path d="M0 110q100-30 200 0t200 0v40q-100 30-200 0t-200 0z" '
    'fill="#7fb2d0"/><rect x="180" y="90" width="30" height="70" fill="#7a5200"/></svg>'
)
"""The picture of the hotspot."""


def checks_page() -> str:
    """Write a page with a self-check of each type; those that can be tried again have two tries."""
    return "# Checks\n" + "".join(question(type_, f"c-{type_}", "graded=no") for type_ in QUESTIONS)


def quiz_page() -> str:
    """Write a page with a quiz of each type."""
    asked = "".join(question(type_, f"q-{type_}") for type_ in QUESTIONS)
    return f'# Quiz\n\n::: quiz {{#final title="Final quiz"}}\n{asked}\n:::\n'


def pool_page() -> str:
    """Write a page with a quiz that draws two of four questions, and asks one always."""
    always = question("truefalse", "p-always")
    drawn = "".join(
        f"\n::: question {{#p-{name} type=single}}\n\nPOOLED-{name.upper()}?\n\n"
        f"- [x] Right {name} <!--#right-->\n- [ ] Wrong {name} <!--#wrong-->\n\n:::\n"
        for name in ("alder", "birch", "cedar", "elm")
    )
    return f'# Pool\n\n::: quiz {{#lot title="Luck"}}\n{always}\n::: pool {{draw=2}}\n{drawn}\n:::\n\n:::\n'


def question(type_: str, id_: str, more: str = "") -> str:
    """Write a question of a type."""
    keys = [KEYS.get(type_, ""), more, f"points={POINTS[type_]}" if type_ in POINTS else ""]
    if more and type_ not in HAS_ONE_TRY:
        keys.append("tries=2")
    return f"\n::: question {{#{id_} type={type_} {' '.join(filter(None, keys))}}}\n{QUESTIONS[type_]}\n:::\n"
