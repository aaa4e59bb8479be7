"""A small program to profile: it reads arithmetic, counts words and lets planets fall, in about a second.

It has what makes profiles interesting: functions called from several places, recursion (`depth`), mutual recursion
(`expression`, `term`, `factor`) and a hot spot. The same work every time.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator

WORDS = (
    "profile",
    "call",
    "graph",
    "tree",
    "self",
    "inclusive",
    "caller",
    "callee",
    "cycle",
    "sample",
    "trace",
    "cost",
)


def pseudo_random(seed: int) -> Iterator[int]:
    """Knuth's linear congruential generator."""
    state = seed
    while True:
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        yield state >> 33


# arithmetic


def written(random: Iterator[int], levels: int) -> str:
    """A random formula of that many levels."""
    if levels == 0:
        return str(next(random) % 9 + 1)
    operator = "+-*"[next(random) % 3]
    return f"({written(random, levels - 1)}{operator}{written(random, levels - 1)})"


class Formula:
    """A formula that is read from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def peek(self) -> str:
        """The next character, or nothing."""
        return self.text[self.at : self.at + 1]

    def take(self) -> str:
        """The next character, gone past."""
        self.at += 1
        return self.text[self.at - 1]

    def expression(self) -> int:
        """term, or term + expression, or term - expression."""
        value = self.term()
        while self.peek() in ("+", "-"):
            value = value + self.term() if self.take() == "+" else value - self.term()
        return value

    def term(self) -> int:
        """factor, or factor * term; it stays small."""
        value = self.factor()
        while self.peek() == "*":
            self.take()
            value = value * self.factor() % 1_000_003
        return value

    def factor(self) -> int:
        """A digit, or an expression in brackets."""
        first = self.take()
        if first != "(":
            return int(first)
        value = self.expression()
        self.take()
        return value


def depth(text: str, at: int = 0) -> int:
    """How deep the brackets of a formula go on its left side."""
    return 1 + depth(text, at + 1) if text[at] == "(" else 0


def arithmetic(random: Iterator[int]) -> int:
    """The sum of many formulas."""
    formulas = [written(random, 6) for _ in range(700)]
    return sum(Formula(formula).expression() + depth(formula) for formula in formulas)


# words


def sentence(random: Iterator[int]) -> str:
    """Some words."""
    return " ".join(WORDS[next(random) % len(WORDS)] for _ in range(12))


def normalized(word: str) -> str:
    """A word as it is counted."""
    return word.strip(".,").lower()


def counted(random: Iterator[int]) -> Counter[str]:
    """How often each word occurs."""
    counts: Counter[str] = Counter()
    for _ in range(9000):
        counts.update(normalized(word) for word in sentence(random).split())
    return counts


# planets

Body = list[float]


def attraction(one: Body, other: Body) -> tuple[float, float]:
    """The pull of another body on one."""
    x, y = other[0] - one[0], other[1] - one[1]
    cube = (x * x + y * y + 0.01) ** 1.5
    return x / cube, y / cube


def step(bodies: list[Body]) -> None:
    """Move all bodies for a short time."""
    for body in bodies:
        pulls = [attraction(body, other) for other in bodies if other is not body]
        body[2] += 0.001 * sum(x for x, _ in pulls)
        body[3] += 0.001 * sum(y for _, y in pulls)
    for body in bodies:
        body[0] += 0.001 * body[2]
        body[1] += 0.001 * body[3]


def energy(bodies: list[Body]) -> float:
    """Of motion."""
    return sum(math.hypot(body[2], body[3]) ** 2 / 2 for body in bodies)


def planets() -> float:
    """How fast some bodies are after a while."""
    bodies = [[math.cos(i), math.sin(i), 0.0, 0.0] for i in range(12)]
    for _ in range(1300):
        step(bodies)
    return energy(bodies)


def main() -> None:
    """All of it."""
    random = pseudo_random(57)
    print(arithmetic(random), counted(random).most_common(1)[0], f"{planets():.6f}")


if __name__ == "__main__":
    main()
