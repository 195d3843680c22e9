#!/usr/bin/env python3
"""Prints what grading costs, beside a course script that builds each hand-in afresh; medians, side by side in one run.

The course script is `cmake -G Ninja`, Release, two compilers at a time, the runner included, then every case of the
public fixtures in the program that comes of it. It neither compares nor confines anything.
"""
import argparse
import collections
import json
import os
import pathlib
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
GRADER = ROOT / "build" / "release" / "bin" / "autograder"
TESTS = ROOT / "autograder" / "tests"
SOLUTION = ROOT / "reference" / "mytorch"
JOBS = 2

CMAKE = """
cmake_minimum_required(VERSION 3.21)
project(naive CXX)
find_package(nlohmann_json REQUIRED)
find_package(xtensor REQUIRED)
find_package(xtensor-blas REQUIRED)
find_package(LAPACK REQUIRED)
file(GLOB_RECURSE student ${HANDIN}/src/*.cpp)
add_executable(naive main.cpp ${ROOT}/autograder/worker/worker.cpp ${ROOT}/autograder/worker/mytorch.cpp ${student})
target_compile_features(naive PRIVATE cxx_std_20)
target_include_directories(naive PRIVATE ${ROOT} ${ROOT}/handout/mytorch/include)
target_link_libraries(naive PRIVATE nlohmann_json::nlohmann_json xtensor-blas LAPACK::LAPACK)
"""
MAIN = """
extern "C" int autograder_worker(int, char**);
int main(int argc, char** argv) { return autograder_worker(argc, argv); }
"""

Cost = collections.namedtuple("Cost", "wall cpu megabytes")


def run(command, **options):
    """Runs a command to its end and returns what it and all below it cost."""
    begin = time.perf_counter()
    process = subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL, **options)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"benchmark.py: {' '.join(map(str, command))} ended with {process.returncode}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def total(costs):
    return Cost(sum(c.wall for c in costs), sum(c.cpu for c in costs), max(c.megabytes for c in costs))


def median(costs):
    return Cost(*(statistics.median(values) for values in zip(*costs)))


def requests():
    """Every case of the public fixtures, a line each, as a worker is asked."""
    lines = []
    for file in sorted((ROOT / "fixtures" / "mytorch" / "public").glob("*.json")):
        fixture = json.loads(file.read_text())
        for case in fixture["cases"]:
            lines.append(json.dumps({"component": fixture["component"], "operation": case["operation"],
                                     "given": case["given"]}))
    return "\n".join(lines) + "\n"


def grade_naively(handin, compiler, folder):
    """What a course script does for one hand-in."""
    project = folder / "naive"
    shutil.rmtree(project, ignore_errors=True)
    project.mkdir()
    (project / "CMakeLists.txt").write_text(CMAKE)
    (project / "main.cpp").write_text(MAIN)
    (project / "requests").write_text(requests())
    build = project / "build"
    costs = [run(["cmake", "-G", "Ninja", "-S", project, "-B", build, "-DCMAKE_BUILD_TYPE=Release",
                  f"-DCMAKE_CXX_COMPILER={compiler}", f"-DHANDIN={handin}", f"-DROOT={ROOT}"]),
             run(["cmake", "--build", build, f"-j{JOBS}"]),
             run(["sh", "-c", f"'{build}/naive' 5 < '{project}/requests' 3> '{project}/answers'"])]
    return total(costs)


def grade(handin, cache):
    return run([GRADER, "grade", handin, "--cache", cache, "--jobs", JOBS])


def change(handin, number):
    """One file with a line more: as after another save."""
    source = handin / "src" / "nn" / "batchnorm.cpp"
    source.write_text(source.read_text() + f"// {number}\n")


def make_class(folder, count, seed):
    """Distinct hand-ins: for each file the solution's or another style's, in some of them a wrong edit."""
    chance = random.Random(seed)
    styles = [SOLUTION] + sorted(path for path in (TESTS / "handins" / "correct").iterdir()
                                 if path.name not in ("clang_only", "gcc_only"))
    edits = json.loads((TESTS / "mutations" / "mytorch.json").read_text())["mutations"]
    for i in range(count):
        handin = folder / f"student{i:04}"
        shutil.copytree(SOLUTION / "src", handin / "src")
        for source in sorted((handin / "src").rglob("*.cpp")):
            name = source.relative_to(handin)
            source.write_text((chance.choice([s for s in styles if (s / name).exists()]) / name).read_text())
        for edit in chance.sample(edits, chance.randint(0, 2)):
            source = handin / edit["file"]
            source.write_text(source.read_text().replace(edit["find"], edit["replace"], 1))
        change(handin, i)


def where_time_goes(handin, cache, folder):
    """Seconds of compiling and isolating, and of running all cases, in a grade without and with the cache."""
    rows = []
    for title in ("without the cache", "from the cache"):
        report = folder / "report.json"
        cost = run([GRADER, "grade", handin, "--cache", cache, "--jobs", 1, "--report", f"json:{report}"])
        grade_report = json.loads(report.read_text())
        compiling = sum(file["seconds"] for file in grade_report["build"])
        running = sum(case["seconds"] for section in grade_report["sections"]
                      for component in section["components"] for case in component["cases"])
        rows.append((title, cost.wall, compiling, running, cost.wall - compiling - running))
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="medians of so many (default: %(default)s)")
    parser.add_argument("--class-size", type=int, default=50, help="hand-ins of a class (default: %(default)s)")
    parser.add_argument("--naive-class-size", type=int, default=4,
                        help="how many of them the course script grades, for its rate (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=2026, help="of the class (default: %(default)s)")
    options = parser.parse_args()

    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        folder = pathlib.Path(name)
        shutil.copytree(SOLUTION, folder / "handin")
        handin = folder / "handin"
        costs = collections.defaultdict(list)
        for number in range(options.rounds):
            cache = folder / f"cache{number}"
            for compiler in ("g++", "clang++"):
                costs[compiler].append(grade_naively(handin, compiler, folder))
            costs["fresh"].append(grade(handin, cache))
            change(handin, number)
            costs["changed"].append(grade(handin, cache))
            costs["unchanged"].append(grade(handin, cache))
        naive = {compiler: median(costs[compiler]) for compiler in ("g++", "clang++")}
        print(f"{'one hand-in':44}{'wall s':>8}{'CPU s':>8}{'MB':>6}   of g++'s wall, CPU; of clang++'s")
        for title, key in (("course script, g++", "g++"), ("course script, clang++", "clang++"),
                           ("autograder, nothing built before", "fresh"), ("autograder, one of six files changed", "changed"),
                           ("autograder, unchanged", "unchanged")):
            cost = median(costs[key])
            ratios = "  ".join(f"1/{n.wall / cost.wall:.1f}, 1/{n.cpu / cost.cpu:.1f};" for n in naive.values())
            print(f"{title:44}{cost.wall:8.2f}{cost.cpu:8.2f}{cost.megabytes:6.0f}   {ratios}")

        print(f"\n{'where the time goes, one job':30}{'wall s':>8}{'compile':>9}{'cases':>8}{'rest':>8}")
        for title, wall, compiling, running, rest in where_time_goes(handin, folder / "fresh cache", folder):
            print(f"{title:30}{wall:8.2f}{compiling:9.2f}{running:8.2f}{rest:8.2f}")

        make_class(folder / "class", options.class_size, options.seed)
        begin = time.perf_counter()
        for handin in sorted((folder / "class").iterdir())[:options.naive_class_size]:
            grade_naively(handin, "g++", folder)
        naive_rate = 60 * options.naive_class_size / (time.perf_counter() - begin)
        print(f"\n{f'a class of {options.class_size}, {JOBS} jobs':44}{'a minute':>10}{'MB':>6}")
        print(f"{f'course script, g++ ({options.naive_class_size} of them)':44}{naive_rate:10.1f}")
        for title, out in (("autograder, nothing built before", "out"), ("autograder, everything built before", "again")):
            cost = run([GRADER, "batch", folder / "class", "--out", folder / out, "--cache", folder / "class cache",
                        "--jobs", JOBS])
            print(f"{title:44}{60 * options.class_size / cost.wall:10.1f}{cost.megabytes:6.0f}")


if __name__ == "__main__":
    main()
