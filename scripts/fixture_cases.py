"""What the cases of every assignment are made of: drawn inputs, and the shape of a case and a component."""

import random
from dataclasses import dataclass
from typing import Callable

from suspects import Steps

SEEDS = {"public": 702, "hidden": 2023}  # of the sets that are shipped

ANY = None  # in Dice.sizes: a size to be drawn

RTOL, ATOL = 1e-5, 1e-8  # of a case: what a homework's printed formulas reach in double, with room to spare


class Dice:
    """Draws the inputs of one case.

    Only Random.random() is used: it is the one method whose sequence Python promises for every version. Sizes have a
    stream of their own, so that a hidden case can look up the sizes of its public twin and avoid them.
    """

    def __init__(self, seed: int, set_name: str, component: str, case: str):
        key = f"{seed}/{set_name}/{component}/{case}"
        self._values, self._sizes = random.Random(key), random.Random(key + "/sizes")
        self._public = None if set_name == "public" else Dice(SEEDS["public"], "public", component, case)

    def sizes(self, *wanted, low=2, high=7, besides=()):
        """Returns a size for each ANY and the given number for the rest: all different, also from `besides`."""
        twin = self._public.sizes(*wanted, low=low, high=high, besides=besides) if self._public else [0] * len(wanted)
        while True:
            drawn = [low + int(self._sizes.random() * (high - low + 1)) if size is ANY else size for size in wanted]
            is_new = all(mine != public for mine, public, size in zip(drawn, twin, wanted) if size is ANY)
            if is_new and len({*drawn, *besides}) == len(drawn) + len(besides):
                return drawn

    def number(self, low, high, decimals=3):
        return round(low + (high - low) * self._values.random(), decimals) + 0.0  # + 0.0 turns -0.0 into 0.0

    def signed(self, low, high, decimals=3):
        """Returns a number of magnitude low to high and either sign."""
        return self.number(low, high, decimals) * (1 if self._values.random() < 0.5 else -1)

    def index(self, count):
        return int(self._values.random() * count)

    def matrix(self, rows, columns, low=-2, high=2, decimals=3):
        """Returns a matrix (rows, columns) without entries so near 0 that a slip could hide in them."""
        def entry():
            while abs(number := self.number(low, high, decimals)) < 0.05:
                pass
            return number
        return [[entry() for _ in range(columns)] for _ in range(rows)]

    def one_hot(self, rows, columns):
        """Returns rows with a single 1; the first two rows have it in different places."""
        first = self.index(columns)
        hot = [first, (first + 1) % columns] + [self.index(columns) for _ in range(rows)]
        return [[1.0 if j == hot[i] else 0.0 for j in range(columns)] for i in range(rows)]

    def distributions(self, rows, columns):
        """Returns rows of positive hundredths that sum to 1."""
        def row():
            cuts = {0, 100}
            while len(cuts) < columns + 1:
                cuts.add(1 + self.index(99))
            edges = sorted(cuts)
            return [(high - low) / 100 for low, high in zip(edges, edges[1:])]
        return [row() for _ in range(rows)]


@dataclass(frozen=True)
class Case:
    name: str
    operation: str
    draw: Callable[[Dice], dict]  # returns `given`
    why: str  # what the case makes visible; for readers of this file, not written to the fixtures
    scored: bool = True
    rtol: float = RTOL
    atol: float = ATOL


FB = "forward_backward"


def after(earlier, given, operation=FB):
    """Returns `given` with other calls on the same object before it."""
    return {"before": [{"operation": operation, "given": other} for other in earlier], **given}


@dataclass(frozen=True)
class Component:
    oracles: dict[str, Callable[[dict], dict]]  # operation -> given -> answers
    cases: list[Case]
    steps: Steps | None = None  # for suspects; None: the component has none
