"""Expressions made at random, with answers of which many fit: the grammar of RFC 9485 from the other side."""

from __future__ import annotations

LETTERS = "aábBkKsSſßẞéÉeiIİıσςΣǆǅжЖ日🙂😀09 _-.'"
SPECIAL = "()*+-.?[\\]^{|}"
CATEGORIES = (
    "L",
    "Lu",
    "Ll",
    "Lt",
    "Lm",
    "Lo",
    "M",
    "Mn",
    "N",
    "Nd",
    "No",
    "P",
    "Pd",
    "Po",
    "Z",
    "Zs",
    "S",
    "So",
    "C",
    "Cf",
)
SAMPLES = {"L": "aÉж日", "N": "07½", "P": ".-'", "Z": " ", "S": "€+🙂", "M": "\u0301", "C": "a"}


def expression(random, depth=3):
    """Give an expression, and a function that makes an answer which it may well match."""
    kinds = ["letter", "letter", "dot", "class", "category"] + ["group", "sequence", "sequence", "repeat"] * (depth > 0)
    return _MAKERS[random.choice(kinds)](random, depth)


def _letter(random, _):
    each = random.choice(LETTERS + SPECIAL)
    return (f"\\{each}" if each in SPECIAL else each), lambda: each


def _dot(random, _):
    return ".", lambda: random.choice(LETTERS)


def _category(random, _):
    name = random.choice(CATEGORIES)
    if random.random() < 0.3:
        return rf"\P{{{name}}}", lambda: random.choice(LETTERS)
    return rf"\p{{{name}}}", lambda: random.choice(SAMPLES[name[0]])


def _class(random, _):
    members, answers = [], []
    for _ in range(random.randint(1, 3)):
        kind = random.random()
        if kind < 0.3:
            low, high = sorted(random.sample("AKZakz059αωаяÀÿ", 2))
            members.append(f"{low}-{high}")
            answers.append(low + high)
        elif kind < 0.5:
            source, _ = _category(random, 0)
            members.append(source)
            answers.append(LETTERS)
        else:
            source, answer = _letter(random, 0)
            members.append(f"\\{source}" if source in "-^" else source)
            answers.append(answer())
    start = random.choice(["[", "[", "[^", "[-"])
    return f"{start}{''.join(members)}{random.choice(['', '', '-'])}]", lambda: random.choice(random.choice(answers))


def _group(random, depth):
    branches = [expression(random, depth - 1) for _ in range(random.randint(1, 3))]
    return f"({'|'.join(source for source, _ in branches)})", lambda: random.choice(branches)[1]()


def _sequence(random, depth):
    pieces = [expression(random, depth - 1) for _ in range(random.randint(2, 3))]
    return "".join(source for source, _ in pieces), lambda: "".join(answer() for _, answer in pieces)


def _repeat(random, depth):
    source, answer = expression(random, 0) if random.random() < 0.5 else _group(random, depth)
    low = random.randint(0, 3)
    high = low + random.randint(0, 2)
    quantifier, most = random.choice(
        [("*", 3), ("+", 3), ("?", 1), (f"{{{low}}}", low), (f"{{{low},}}", low + 2), (f"{{{low},{high}}}", high)]
    )
    return source + quantifier, lambda: "".join(answer() for _ in range(random.randint(min(low, most), most)))


_MAKERS = {
    "letter": _letter,
    "dot": _dot,
    "class": _class,
    "category": _category,
    "group": _group,
    "sequence": _sequence,
    "repeat": _repeat,
}
