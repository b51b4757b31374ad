"""Keys of all types, answers that are likely, and answers that are anything, made from a source of chance."""

from __future__ import annotations

from fractions import Fraction

from course_builder.model import Area, NumberAnswer, Pattern, Written
from course_builder.scoring import Key
from course_builder.scoring.key import CHOSEN, PAIRED, PARTIAL

TYPES = tuple(PARTIAL)
OPTIONS = ("a", "b", "c", "d")
ITEMS = ("i1", "i2", "i3")
WORDS = ("once only", "Åland", "naïve", "Straße", "data space", "x-ray", "“so”", "ΣΟΦΟΣ", "n", "[0-9]+ km|[a-c]o*")
LANGUAGES = ("en", "fi", "sv", "de", "el", "tr")


def any_key(random, type_):
    """Give a key of a type."""
    shares = [Fraction(0), Fraction(1, 3), Fraction(1, 2)]
    return Key(
        type_,
        **_answer(random, type_),
        points=random.choice([Fraction(1), Fraction(5, 2), Fraction(0), Fraction(3)]),
        tries=random.choice([None, 1, 2, 3]),
        penalty=random.choice(shares),
        partial=random.choice(PARTIAL[type_]),
        hint_costs=tuple(random.choices(shares, k=random.randrange(3))),
        language=random.choice(LANGUAGES),
    )


def _answer(random, type_):
    if type_ in CHOSEN:
        correct = random.sample(OPTIONS, 1 if type_ in {"single", "truefalse"} else random.randint(1, 4))
        areas = {option: _area(random) for option in OPTIONS} if type_ == "hotspot" else {}
        return {"options": OPTIONS, "correct": tuple(correct), "areas": areas}
    if type_ == "order":
        return {"options": OPTIONS, "correct": tuple(random.sample(OPTIONS, 4))}
    if type_ in PAIRED or type_ == "survey":
        chosen = random.sample(OPTIONS, 3) if type_ == "match" else random.choices(OPTIONS, k=3)
        pairs = {} if type_ == "survey" else dict(zip(ITEMS, chosen, strict=True))
        return {"options": OPTIONS, "items": ITEMS, "pairs": pairs}
    if type_ == "text":
        return {"written": {"": _written(random)}}
    if type_ == "gap":
        written = {item: _written(random) for item in ITEMS}
        first = written[ITEMS[0]].accepted[0]
        has_list = random.random() < 0.5 and not first.is_regex
        choices = {ITEMS[0]: (first.text, "else")} if has_list else {}
        return {"items": ITEMS, "written": written, "choices": choices}
    if type_ == "number":
        return {"number": _number(random), "unit": random.choice(["", "", "km", "%"])}
    return {}


def _area(random):
    kind = random.choice(["rect", "ellipse", "polygon"])
    if kind == "polygon":
        return Area(kind, tuple(Fraction(random.randint(0, 40), 4) * 10 for _ in range(2 * random.randint(3, 6))))
    return Area(kind, tuple(Fraction(random.randint(1, 100), random.choice([1, 2, 3])) for _ in range(4)))


def _written(random):
    def patterns(least):
        words = random.sample(WORDS, random.randint(least, 2))
        return tuple(Pattern(word, word == WORDS[-1]) for word in words)

    return Written(patterns(1), patterns(0), is_exact=random.random() < 0.3)


def _number(random):
    value = Fraction(random.choice(["1000", "1", "1.5", "-2.25", "0.125", "0", "1234.567"]))
    if random.random() < 0.6:
        return NumberAnswer(value, random.choice([Fraction(0), Fraction(1, 10), Fraction(500)]))
    low, high = random.choice([(value, None), (None, value), (value, value + 10)])
    return NumberAnswer(minimum=low, maximum=high)


def right_response(key):
    """Give an answer that is worth all points; none where a person judges."""
    if key.type in {"single", "truefalse"}:
        return key.correct[0]
    if key.type in {"multiple", "order", "hotspot"}:
        return list(key.correct)
    if key.type in PAIRED:
        return dict(key.pairs)
    if key.type == "survey":
        return dict.fromkeys(key.items, key.options[0])
    if key.type == "text":
        return _right_text(key.written[""])
    if key.type == "gap":
        return {item: _right_text(key.written[item]) for item in key.items}
    if key.type == "number":
        number = key.number
        value = next(each for each in (number.answer, number.minimum, number.maximum) if each is not None)
        return _decimal(value, key)
    return None


def _right_text(written):
    first = written.accepted[0]
    return "12 km" if first.is_regex else first.text


def _decimal(value, key):
    digits = 30
    whole = value * 10**digits
    text = str(abs(int(whole))).zfill(digits + 1)
    sign = "-" if value < 0 else ""
    return f"{sign}{text[:-digits]}.{text[-digits:]}"


def likely_response(random, key):
    """Give an answer as a person may: right, nearly right, wrong, or none."""
    right = right_response(key)
    if random.random() < 0.15:
        return random.choice([right, None])
    if key.type in {"single", "truefalse"}:
        return random.choice(OPTIONS)
    if key.type in {"multiple", "order"}:
        return random.sample(OPTIONS, 4 if key.type == "order" else random.randint(1, 4))
    if key.type == "hotspot":
        return [random.choice([*OPTIONS, _place(random), _place(random)]) for _ in range(random.randint(1, 4))]
    if key.type in PAIRED or key.type == "survey":
        return {item: random.choice([*OPTIONS, ""]) for item in random.sample(ITEMS, random.randint(1, 3))}
    if key.type == "gap":
        answers = {item: _text(random) for item in ITEMS}
        return answers | {gap: random.choice([*texts, ""]) for gap, texts in key.choices.items()}
    if key.type == "number":
        return _number_text(random)
    if key.type == "upload":
        return ["plan.pdf"] * random.randint(1, 3)
    return _text(random)


def _place(random):
    return f"{random.choice(['0', '5', '12.5', '25', '33.33', '50', '75.0', '100'])},{random.randint(0, 400) / 4:g}"


def _text(random):
    word = random.choice([*WORDS, "12 km", "coo", ""])
    changes = [str.upper, str.lower, str.title, lambda text: f" {text} ", lambda text: text.replace(" ", "\u00a0")]
    return random.choice([*changes, lambda text: text, lambda text: text[1:]])(word)


def _number_text(random):
    digits = "".join(
        random.choices("0123456789.,", weights=[9, 3, 3, 1, 1, 3, 1, 1, 1, 1, 2, 2], k=random.randint(1, 7))
    )
    grouped = random.choice(["1,000", "1.000", "1 000", "1,234.567", "1.234,567", "1 234,567", "1,000,000", "0,333"])
    sign = random.choice(["", "", "", "-", "+", "−"])
    tail = random.choice(["", "", "", "e0", "e-2", " km", "%", "E3", "."])
    return sign + random.choice([digits, grouped]) + tail


def any_json(random, depth=2):
    """Give any value that JSON can hold."""
    names = (*OPTIONS, *ITEMS, "", "1,000", "5,5", "x" * 1_001, "é\u0301", "a\0", "\udc00", "__proto__", "toString")
    plain = [None, True, False, 0, -1, 3, random.choice(names), random.choice(names)]
    if depth == 0 or random.random() < 0.4:
        return random.choice(plain)
    if random.random() < 0.5:
        return [any_json(random, depth - 1) for _ in range(random.randrange(4))]
    return {random.choice(names): any_json(random, depth - 1) for _ in range(random.randrange(4))}
