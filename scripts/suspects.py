"""Suspects: what a well-known slip would answer in a case, and by which rule it is written into the fixtures.

A suspect is a sentence for the student and the step of the homework that the slip replaces. The generator plays a
component's steps, in the order of the homework's equations, with that step replaced, so that what follows computes
with what the slip left. Played as they are the steps give PyTorch's answers, or the generator stops.

The grader says the sentence when a student's first wrong output is that of the suspect, so it has to be true whenever
that holds. Hence the rule for a case, which `keep` follows and `check` asserts of what is written:

- `expected` holds all the outputs that are wrong under the slip, by at least CLEARLY tolerances, and no others; an
  output that is not named is right. A suspect with an output in between is left out, as is one that does not run
  (shapes do not fit), and one that changes nothing. What is not finite is as good as anything else that is not: by
  which way a division by 0 goes, it is NaN or infinite.
- The first wrong outputs of two suspects differ: they are other outputs, or their values are APART. Suspects that
  cannot be told so are all left out of the case; another case may tell them.
- Where a file would grow to more than GROWTH times its size, and beyond SMALL, each suspect stays in those FEW cases
  of its operation where it takes least room, and in FEWEST if that is still too much. Cases in which all that it gets
  wrong first is not finite, which any division by 0 may give, come last.

So a case without a certain suspect says nothing against it.
"""

import math
import re
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Callable

try:
    import torch
except ImportError:  # reported by generate_fixtures.py, so that its --help works without it
    torch = None

CLEARLY = 100  # tolerances of the case, between a wrong value and the right one
APART = 5  # tolerances between the values of two suspects: no answer is within one of both, with room for rounding
GROWTH, FEW, FEWEST = 3, 3, 2
SMALL = 50_000  # characters that any file may grow to
LONGEST = 230  # characters of a sentence: two lines of a report
NUMBER = 15  # characters, on the average
NOT_FINITE = ("nan", "inf", "-inf")


@dataclass(frozen=True)
class Suspect:
    id: str
    sentence: str
    slips: dict[str, Callable] = field(repr=False)  # step -> what it computes instead


def suspect(identity, sentence, **slips):
    return Suspect(identity, sentence, slips)


@dataclass(frozen=True)
class Steps:
    """The operations of a component, step by step, and the slips in them."""
    plays: dict[str, Callable]  # operation -> (given, slips) -> answers
    names: set[str]  # of the steps that a slip may replace
    suspects: dict[str, list[Suspect]]  # operation -> suspects

    def __post_init__(self):
        for operation, suspects in self.suspects.items():
            unknown = {step for one in suspects for step in one.slips} - self.names
            assert not unknown, f"suspects of {operation}: there are no steps {sorted(unknown)}"
            identities = [one.id for one in suspects]
            assert len(set(identities)) == len(identities), f"suspects of {operation}: an id occurs twice"


# ---- Playing the steps ------------------------------------------------------------------------------------------


def tensors(value):
    """Returns `given` or a part of it with every matrix as a tensor; objects get members."""
    if isinstance(value, dict):
        return SimpleNamespace(**{name: tensors(item) for name, item in value.items()})
    if isinstance(value, list):
        is_matrix = all(isinstance(row, list) and all(isinstance(entry, (int, float)) for entry in row)
                        for row in value)
        return torch.tensor(value, dtype=torch.float64) if is_matrix else [tensors(item) for item in value]
    return value


def play(steps, slips, s, g):
    """Sets each step's result as a member of `s`, the object that a student would write; `g` holds what is given."""
    for name, formula in {**steps, **{name: slips[name] for name in steps if name in slips}}.items():
        setattr(s, name, formula(s, g))
    return vars(s)


def left(s, name, otherwise):
    """Returns a member as the call before left it."""
    return getattr(s, name, otherwise)


def each_call(given):
    """Returns what is given in the calls on one object: those of `before`, and the case itself."""
    return [tensors(call["given"]) for call in given.get("before", [])] + [tensors(given)]


def played(steps):
    """Returns a play of `steps` in which all calls are of one operation."""
    def answers(given, slips):
        s = SimpleNamespace()
        for g in each_call(given):
            play(steps, slips, s, g)
        return vars(s)
    return answers


# ---- The rule ---------------------------------------------------------------------------------------------------


def deviation(expected, actual, case):
    """Returns how far the worst entry is off, in tolerances of the case; infinity for another type or shape."""
    if isinstance(expected, list) and isinstance(actual, list):
        if len(expected) != len(actual):
            return math.inf
        return max((deviation(e, a, case) for e, a in zip(expected, actual)), default=0.0)
    if isinstance(expected, str) or isinstance(actual, (str, list)) or isinstance(expected, list):
        if expected in NOT_FINITE and actual in NOT_FINITE:
            return 0.0
        return 0.0 if expected == actual else math.inf
    return abs(actual - expected) / (case["atol"] + case["rtol"] * abs(expected))


def entries(value):
    """Yields the numbers and words of a JSON value."""
    if isinstance(value, (list, dict)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from entries(item)
    else:
        yield value


def size(value):
    """Returns about how many characters the value takes, whatever the last bits of its numbers."""
    return sum(len(entry) if isinstance(entry, str) else NUMBER for entry in entries(value))


def wrong_outputs(case, answers):
    """Returns what differs from the right answers; None if nothing does, or not clearly."""
    wrong = {name: answers[name] for name in case["expected"]
             if name in answers and deviation(case["expected"][name], answers[name], case) > 1}
    unclear = any(deviation(case["expected"][name], value, case) < CLEARLY for name, value in wrong.items())
    return None if unclear or not wrong else wrong


@dataclass(frozen=True)
class Order:
    """Of computation, as assignment.json has it: `forward` and `backward` name outputs that go layer by layer, `steps`
    those that go step by step."""
    outputs: list[str]
    forward: list[str]
    backward: list[str]
    steps: list[str]

    def place(self, name, right, value, case):
        """Returns where the wrong output begins to be wrong; a list of another length is wrong as a whole."""
        for names, direction in ((self.forward, 1), (self.backward, -1), (self.steps, 1)):
            if name in names:
                elements = [i for i, (e, a) in enumerate(zip(right, value)) if deviation(e, a, case) > 1]
                first = min(direction * i for i in (elements if len(right) == len(value) else [0]))
                return min(map(self.outputs.index, names)), first, names.index(name)
        return self.outputs.index(name), 0, 0


def first_wrong(wrong, case, order):
    """Returns the name and the value of the first wrong output."""
    name = min(wrong, key=lambda name: order.place(name, case["expected"][name], wrong[name], case))
    return name, wrong[name]


def look_alike(one, other, case, order):
    """Tells whether two suspects have the same first wrong output."""
    (name, value), (other_name, other_value) = first_wrong(one, case, order), first_wrong(other, case, order)
    return name == other_name and min(deviation(value, other_value, case),
                                      deviation(other_value, value, case)) < APART


def distinguishable(component, case, steps, order, plain):
    """Returns the suspects that the case tells from all others, as they are written."""
    play_operation = steps.plays[case["operation"]]

    def answers(slips):
        return {name: plain(value) for name, value in play_operation(case["given"], slips).items()
                if name in case["expected"]}

    for name, value in answers({}).items():
        off = deviation(case["expected"][name], value, case)
        assert off <= 1, f"{component}, {case['name']}: {name} of the steps without a slip is off by {off:g} tolerances"
    found = []
    for one in steps.suspects.get(case["operation"], []):
        try:
            wrong = wrong_outputs(case, answers(one.slips))
        except (RuntimeError, ZeroDivisionError):  # shapes that do not fit, in the word of torch
            continue
        if wrong:
            found.append({"id": one.id, "sentence": one.sentence, "expected": wrong})
    return [one for one in found if not any(
        look_alike(one["expected"], other["expected"], case, order) for other in found if other is not one)]


def tells(one, case, order):
    """Tells whether a finite number of the first wrong output is wrong: the grader counts no other for the suspect."""
    name, value = first_wrong(one["expected"], case, order)
    numbers, right = list(entries(value)), list(entries(case["expected"][name]))
    return len(numbers) != len(right) or any(
        number not in NOT_FINITE and deviation(wanted, number, case) > 1 for wanted, number in zip(right, numbers))


def in_smallest_cases(cases, count, order):
    """Returns the cases with each suspect left in `count` cases of its operation: those that tell it, where it takes
    least room."""
    rooms = {}
    for i, case in enumerate(cases):
        for one in case["suspects"]:
            room = (not tells(one, case, order), size(one), i)
            rooms.setdefault((case["operation"], one["id"]), []).append(room)
    kept = {key: {i for *_, i in sorted(room)[:count]} for key, room in rooms.items()}
    return [{**case, "suspects": [one for one in case["suspects"] if i in kept[case["operation"], one["id"]]]}
            for i, case in enumerate(cases)]


def keep(component, cases, steps, order, plain):
    """Returns the cases of a component with their suspects; `plain` makes JSON of an answer."""
    without = size(cases)
    cases = [{**case, "suspects": distinguishable(component, case, steps, order, plain)} for case in cases]
    for count in (FEW, FEWEST):
        if size(cases) > max(GROWTH * without, SMALL):
            cases = in_smallest_cases(cases, count, order)
    for case in cases:
        check(component, case, order)
    return cases


def check(component, case, order):
    """Asserts the rule of what is written, however it came about; a breach is a bug of the suspects' steps."""
    suspects = case["suspects"]
    for i, one in enumerate(suspects):
        where = f"{component}, {case['name']}, suspect {one['id']}"
        assert re.fullmatch("[A-Za-z][A-Za-z0-9_]*", one["id"]), f"{where}: an id is of letters, digits and _"
        assert one["sentence"].isascii() and one["sentence"].endswith(".") and len(one["sentence"]) <= LONGEST, \
            f"{where}: a sentence is ASCII, ends with a full stop and has {LONGEST} characters at most"
        assert one["expected"], f"{where}: changes nothing"
        for name, value in one["expected"].items():
            assert name in case["expected"], f"{where}: {name} is not compared"
            assert deviation(case["expected"][name], value, case) >= CLEARLY, f"{where}: {name} is not clearly wrong"
        for other in suspects[:i]:
            assert other["id"] != one["id"], f"{where}: occurs twice"
            assert not look_alike(one["expected"], other["expected"], case, order), \
                f"{where}: the first wrong output is that of {other['id']}"
