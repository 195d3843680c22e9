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
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
GRADER = ROOT / "build" / "release" / "bin" / "autograder"
STAGES = ROOT / "build" / "benchmark" / "autograder" / "tests" / "stages_benchmark"
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

# Seconds; megabytes of the largest process of all, and of the command's own at its largest.
Cost = collections.namedtuple("Cost", "wall cpu megabytes own")


class OwnMemory(threading.Thread):
    """Looks at the most memory that a process has used, until the process is gone."""

    def __init__(self, pid):
        super().__init__()
        self.status = pathlib.Path(f"/proc/{pid}/status")
        self.megabytes = 0.0

    def run(self):
        while True:
            try:
                lines = [line for line in self.status.read_text().splitlines() if line.startswith("VmHWM")]
            except OSError:
                return
            if lines:
                self.megabytes = int(lines[0].split()[1]) / 1024
            time.sleep(0.05)


def run(command, **options):
    """Runs a command to its end and returns what it and all below it cost."""
    begin = time.perf_counter()
    process = subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL, **options)
    memory = OwnMemory(process.pid)
    memory.start()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begin
    memory.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"benchmark.py: {' '.join(map(str, command))} ended with {process.returncode}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, memory.megabytes)


def total(costs):
    return Cost(sum(c.wall for c in costs), sum(c.cpu for c in costs), max(c.megabytes for c in costs),
                max(c.own for c in costs))


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


def sources(handin):
    return sorted((handin / "src").rglob("*.cpp"))


def change(source, number):
    """A line more: as after another save."""
    source.write_text(source.read_text() + f"// {number}\n")


def make_class(folder, count, seed):
    """Distinct hand-ins: for each file the solution's or another style's, in some of them a wrong edit."""
    chance = random.Random(seed)
    styles = [SOLUTION] + sorted(path for path in (SOLUTION / "variants").iterdir()
                                 if path.name not in ("clang_only", "gcc_only"))
    edits = json.loads((SOLUTION / "mutations.json").read_text())["mutations"]
    for i in range(count):
        handin = folder / f"student{i:04}"
        shutil.copytree(SOLUTION / "src", handin / "src")
        for source in sources(handin):
            name = source.relative_to(handin)
            source.write_text((chance.choice([s for s in styles if (s / name).exists()]) / name).read_text())
        for edit in chance.sample(edits, chance.randint(0, 2)):
            source = handin / edit["file"]
            source.write_text(source.read_text().replace(edit["find"], edit["replace"], 1))
        change(handin / "src" / "nn" / "batchnorm.cpp", i)


def make_large_class(folder, small, count):
    """A class of that many, which hands in again and again what a small one does."""
    handins = sorted(small.iterdir())
    for i in range(count):
        shutil.copytree(handins[i % len(handins)], folder / f"student{i:05}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="medians of so many (default: %(default)s)")
    parser.add_argument("--class-size", type=int, default=50, help="hand-ins of a class (default: %(default)s)")
    parser.add_argument("--naive-class-size", type=int, default=4,
                        help="how many of them the course script grades, for its rate (default: %(default)s)")
    parser.add_argument("--large-class-size", type=int, default=1000,
                        help="hand-ins of a class of which everything was built before (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=2026, help="of the class (default: %(default)s)")
    options = parser.parse_args()

    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        folder = pathlib.Path(name)
        shutil.copytree(SOLUTION / "src", folder / "handin" / "src")
        handin = folder / "handin"
        costs = collections.defaultdict(list)
        for number in range(options.rounds):
            cache = folder / f"cache{number}"
            for compiler in ("g++", "clang++"):
                costs[compiler].append(grade_naively(handin, compiler, folder))
            costs["fresh"].append(grade(handin, cache))
            for source in sources(handin):
                change(source, number)
                costs["changed"].append(grade(handin, cache))
                costs[source.name].append(costs["changed"][-1])
            costs["unchanged"].append(grade(handin, cache))
        naive = {compiler: median(costs[compiler]) for compiler in ("g++", "clang++")}
        print(f"{'one hand-in':44}{'wall s':>8}{'CPU s':>8}{'MB':>6}   of g++'s wall, CPU; of clang++'s")
        for title, key in (("course script, g++", "g++"), ("course script, clang++", "clang++"),
                           ("autograder, nothing built before", "fresh"), ("autograder, one of six files changed", "changed"),
                           *((f"autograder, {source.name} changed", source.name) for source in sources(handin)),
                           ("autograder, unchanged", "unchanged")):
            cost = median(costs[key])
            ratios = "  ".join(f"1/{n.wall / cost.wall:.1f}, 1/{n.cpu / cost.cpu:.1f};" for n in naive.values())
            print(f"{title:44}{cost.wall:8.2f}{cost.cpu:8.2f}{cost.megabytes:6.0f}   {ratios}")

        print(flush=True)
        subprocess.run([STAGES, handin, folder / "stages cache"], check=True)

        make_class(folder / "class", options.class_size, options.seed)
        begin = time.perf_counter()
        for handin in sorted((folder / "class").iterdir())[:options.naive_class_size]:
            grade_naively(handin, "g++", folder)
        naive_rate = 60 * options.naive_class_size / (time.perf_counter() - begin)
        print(f"\n{f'a class, {JOBS} jobs':44}{'a minute':>10}{'MB':>6}{'MB, the grader itself':>24}")
        print(f"{f'course script, g++ ({options.naive_class_size} of {options.class_size})':44}{naive_rate:10.1f}")
        make_large_class(folder / "large", folder / "class", options.large_class_size)
        for title, handins, size in (("nothing built before", "class", options.class_size),
                                     ("everything built before", "large", options.large_class_size)):
            cost = run([GRADER, "batch", folder / handins, "--out", folder / f"{handins} graded",
                        "--cache", folder / "class cache", "--jobs", JOBS])
            print(f"{f'autograder, {size}, {title}':44}{60 * size / cost.wall:10.1f}{cost.megabytes:6.0f}{cost.own:24.0f}")


if __name__ == "__main__":
    main()
