#!/usr/bin/python3
"""Writes fixtures/<assignment>/public and hidden: inputs drawn from a seed, answers computed by PyTorch.

The answers come from torch's functions, modules, optimizers and autograd, in float64. The reference solution is
never consulted: it is the second witness. assignment.json (sections, points, limits) is not written here.

This file writes and checks the files. The cases of each component, with the slips that they make visible, and
PyTorch's answers in the homework's conventions are in fixtures_<assignment>.py; a further assignment is another such
module and one more entry of ASSIGNMENTS. What each slip would answer, the suspects, is in suspects_<assignment>*.py,
and the rule by which they are written in suspects.py.

A case's inputs depend on the seed, the set, the component and the case's name, on nothing else: adding a case
changes no other, renaming one redraws it. Whoever knows the seed of a hidden set can write it again: for a term,
take a large --seed and keep it as secret as the set.

Exit codes: 0 written, or nothing differs; 1 --check found differences; 2 usage; 3 PyTorch is missing or a file
cannot be read or written.
"""

import argparse
import json
import math
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

try:
    import torch
except ImportError:  # reported by main(), so that --help works without it
    torch = None

sys.dont_write_bytecode = True  # nothing but fixtures is written
import fixtures_mytorch  # noqa: E402
import fixtures_two_layer  # noqa: E402
import suspects  # noqa: E402
from fixture_cases import SEEDS, Dice  # noqa: E402

ASSIGNMENTS = {"mytorch": fixtures_mytorch.COMPONENTS, "two_layer": fixtures_two_layer.COMPONENTS}

GENERATOR = "scripts/generate_fixtures.py"
FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"

# PyTorch's kernels differ in the last bits between processors. The floor is a thousandth of ATOL: batch normalisation
# multiplies what should cancel by 1 / sqrt(eps) = 1e4.
CHECK_RTOL, CHECK_FLOOR = 1e-12, 1e-11

SHOWN = 20  # differences that --check prints for a file: enough to see which case it is


# ---- Files ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FixtureSet:
    name: str  # public or hidden: part of what the inputs are drawn from
    seed: int
    folder: Path


def plain(value: Any):
    """Returns what JSON can hold: tensors as nested lists, what is not finite as "nan", "inf", "-inf"."""
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, float):
        return value + 0.0 if math.isfinite(value) else str(value)
    return plain(value.tolist()) if isinstance(value, torch.Tensor) else value


def fixture(assignment, component, fixture_set):
    """Returns the contents of one file."""
    def written(case):
        given = case.draw(Dice(fixture_set.seed, fixture_set.name, component, case.name))
        answers = oracles[case.operation](given)
        expected = {name: plain(value) for name, value in answers.items()}
        return {"name": case.name, "operation": case.operation, "given": given,
                "expected": {**expected, "arguments_unchanged": True}, "rtol": case.rtol, "atol": case.atol,
                "scored": case.scored}

    made_of = ASSIGNMENTS[assignment][component]
    oracles = made_of.oracles
    cases = [written(case) for case in made_of.cases]
    if made_of.steps:
        cases = suspects.keep(component, cases, made_of.steps, order_of_computation(assignment, component), plain)
    provenance = {"generator": GENERATOR, "oracle": f"torch {torch.__version__}", "seed": fixture_set.seed}
    return {"format": 1, "assignment": assignment, "component": component, "provenance": provenance,
            "cases": cases}


def order_of_computation(assignment, component):
    text = (FIXTURES / assignment / "assignment.json").read_text(encoding="utf-8")
    listed = [one for section in json.loads(text)["sections"] for one in section["components"]]
    stated = next(one for one in listed if one["id"] == component)
    return suspects.Order(stated["outputs"], *(stated.get(key, []) for key in ("forward", "backward", "steps")))


def holds(kinds, value):
    return isinstance(value, list) and any(isinstance(item, kinds) for item in value)


def render(value, indent=0, width=118, whole_lists=False):
    """Returns JSON text: on one line what fits on it, else an entry a line.

    A row of a matrix is never broken; nor is, below `suspects`, a matrix or a list of them: few read these numbers.
    """
    flat = json.dumps(value, allow_nan=False)
    is_whole = isinstance(value, list) and not holds(dict if whole_lists else (dict, list), value)
    if len(flat) + indent <= width or is_whole or not isinstance(value, (dict, list)):
        return flat
    if isinstance(value, dict):
        entries = [f'"{key}": {render(item, indent + 2, width - len(key) - 4, whole_lists or key == "suspects")}'
                   for key, item in value.items()]
    else:
        entries = [render(item, indent + 2, whole_lists=whole_lists) for item in value]
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    separator = ",\n" + " " * (indent + 2)
    return f"{opening}\n{' ' * (indent + 2)}{separator.join(entries)}\n{' ' * indent}{closing}"


def write(assignment, fixture_set):
    fixture_set.folder.mkdir(parents=True, exist_ok=True)
    for component in ASSIGNMENTS[assignment]:
        text = render(fixture(assignment, component, fixture_set)) + "\n"
        (fixture_set.folder / f"{component}.json").write_text(text, encoding="utf-8", newline="\n")
    print(f"{fixture_set.folder}: {len(ASSIGNMENTS[assignment])} files written, seed {fixture_set.seed}")


def agrees(stored, fresh, place):
    """Compares two JSON scalars: exactly, but the numbers under `expected` up to PyTorch's last bits."""
    if "expected" in place and type(stored) is type(fresh) is float:
        return abs(stored - fresh) <= CHECK_FLOOR + CHECK_RTOL * abs(fresh)
    return type(stored) is type(fresh) and stored == fresh


def differences(stored, fresh, place=()):
    """Yields a line for each place where a stored file is not what PyTorch and the seed give."""
    if type(stored) is type(fresh) is dict and list(stored) == list(fresh):
        for key in fresh:
            if (*place, key) != ("provenance", "oracle"):  # another version of PyTorch is no difference
                yield from differences(stored[key], fresh[key], (*place, key))
    elif type(stored) is type(fresh) is list and len(stored) == len(fresh):
        for i, (mine, other) in enumerate(zip(stored, fresh)):
            yield from differences(mine, other, (*place, repr(other["name"]) if place == ("cases",) else i))
    elif not agrees(stored, fresh, place):
        where = " ".join(str(step) for step in place)
        is_structure = isinstance(stored, (dict, list)) or isinstance(fresh, (dict, list))
        yield f"{where}: " + ("other keys, another length or another type than generated" if is_structure else
                              f"{json.dumps(stored)} is stored, {json.dumps(fresh)} is generated")


def check(assignment, fixture_set):
    """Yields what differs between a folder and what would be written there."""
    wanted = {f"{component}.json": component for component in ASSIGNMENTS[assignment]}
    for name in sorted({path.name for path in fixture_set.folder.glob("*.json")} - set(wanted)):
        yield f"{fixture_set.folder / name}: no component of {assignment} is called so"
    for name, component in wanted.items():
        path = fixture_set.folder / name
        if not path.is_file():
            yield f"{path}: missing"
            continue
        text = path.read_bytes().decode("utf-8", errors="replace")
        try:
            stored = json.loads(text)
        except ValueError as error:
            yield f"{path}: not JSON: {error}"
            continue
        found = list(differences(stored, fixture(assignment, component, fixture_set)))
        if not found and render(stored) + "\n" != text:
            found = ["the same values, laid out in another way"]
        yield from (f"{path}: {line}" for line in found[:SHOWN])
        if len(found) > SHOWN:
            yield f"{path}: and {len(found) - SHOWN} differences more"


def parse(arguments):
    parser = argparse.ArgumentParser(
        description="Writes the fixtures: inputs drawn from a seed, expected values computed by PyTorch.",
        epilog="Exit codes: 0 written, or nothing differs; 1 --check found differences; 2 usage; 3 PyTorch is missing "
               "or a file cannot be read or written.")
    parser.add_argument("--assignment", choices=sorted(ASSIGNMENTS), help="default: all of them")
    parser.add_argument("--check", action="store_true",
                        help="write nothing: generate again and report what differs from the files (inputs exactly, "
                             f"expected values by more than {CHECK_RTOL:g} relative)")
    parser.add_argument("--seed", type=int, metavar="N", help="with --out: the seed of a fresh hidden set")
    parser.add_argument("--out", type=Path, metavar="FOLDER",
                        help="with --seed: write (or check) a fresh hidden set there, for another term, and leave the "
                             "two sets of the tree alone")
    options = parser.parse_args(arguments)
    if (options.seed is None) != (options.out is None):
        parser.error("--seed and --out go together")
    if options.out and not options.assignment:
        parser.error("--out is a folder for the fixtures of one homework: name it with --assignment")
    return options


def sets_of(assignment, options):
    """Returns the sets that the options ask for."""
    if options.out:
        return [FixtureSet("hidden", options.seed, options.out)]
    return [FixtureSet(name, seed, FIXTURES / assignment / name) for name, seed in SEEDS.items()]


def main(arguments=None):
    options = parse(arguments)
    if torch is None:
        print("generate_fixtures.py: PyTorch is missing for this Python, and it computes the expected values.\n"
              "Install the package python3-torch (as root: apt-get install python3-torch) and run this script with "
              "/usr/bin/python3.", file=sys.stderr)
        return 3
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    wanted = [(assignment, fixture_set)
              for assignment in ([options.assignment] if options.assignment else ASSIGNMENTS)
              for fixture_set in sets_of(assignment, options)]
    try:
        if options.check:
            found = [line for assignment, fixture_set in wanted for line in check(assignment, fixture_set)]
            print("\n".join(found) or "nothing differs")
            return 1 if found else 0
        for assignment, fixture_set in wanted:
            write(assignment, fixture_set)
    except OSError as error:
        doing = "reading" if options.check else "writing"
        print(f"generate_fixtures.py: {doing} the fixtures: {error}", file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
