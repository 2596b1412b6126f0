"""What a sweep says of whole programs, on every CPython that is there.

Each function of the files in swept/ whose name has no underscore in front is a program. Of those in correct/ nothing may be
said, whatever fault is put into them; in faulty/ each fault must be reported, at the right line (see test_programs.py).

    test_sweep.py            the tests
    test_sweep.py --table    a table for docs/runtime.md

The environment names what is tested: AWRY_RUNTIME is the extension, AWRY_PRELOAD the sanitizer that it is built with.
"""

import ast
import collections
import concurrent.futures
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from interpreters import INTERPRETERS, version_of  # noqa: E402

HERE = Path(__file__).parent
RUNTIME = os.environ["AWRY_RUNTIME"]

LOADER = """
import importlib.util, sys
spec = importlib.util.spec_from_file_location("awry_runtime", sys.argv[1])
runtime = importlib.util.module_from_spec(spec)
spec.loader.exec_module(runtime)
runtime.main(int(sys.argv[2]), sys.argv[3], "program", sys.argv[4], sys.argv[5])
"""

# Lines about the sweep itself.
NO_FAULTS = {"start", "end", "unsupported", "plans", "run"}

# Files that need a later Python than 3.8.
NEEDS = {"groups.py": (3, 11)}

# Where faulty programs are swept twice; for the table, everywhere.
REPEATED = INTERPRETERS if "--table" in sys.argv else INTERPRETERS[-1:]

Program = collections.namedtuple("Program", "path name first last")


def programs(folder):
    for path in sorted((HERE / "swept" / folder).glob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, (ast.AsyncFunctionDef, ast.FunctionDef)) and not node.name.startswith("_"):
                yield Program(path, node.name, node.lineno, node.end_lineno)


def environment():
    preload = os.environ.get("AWRY_PRELOAD")
    options = {"LD_PRELOAD": preload, "PYTHONMALLOC": "malloc", "ASAN_OPTIONS": "detect_leaks=0"} if preload else {}
    return {**os.environ, "PYTHONHASHSEED": "0", **options}


def sweep(interpreter, path, function, orders="run-seconds=20"):
    """Sweeps one function of a file: how the process ended, and the text that was reported."""
    with tempfile.TemporaryFile() as seen:
        run = subprocess.run(
            [interpreter, "-c", LOADER, RUNTIME, str(seen.fileno()), str(path), function, "sweep\n" + orders],
            pass_fds=[seen.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            timeout=200,
            env=environment(),
        )
        seen.seek(0)
        return run, seen.read().decode()


def expected(program):
    """(how, line, kind) of each fault that the comments in the program name."""
    faults = set()
    lines = program.path.read_text(encoding="utf-8").splitlines()
    for number in range(program.first, program.last + 1):
        match = re.search(r"# (expect|caught): (.*)$", lines[number - 1])
        if match:
            faults |= {(match.group(1), number, kind.strip()) for kind in match.group(2).split(",")}
    return faults


def missing_and_surplus(faults, observations):
    surplus, missing = [], set(faults)
    for seen in observations:
        places = {
            ("expect", seen.get("handler") or seen["at"]["line"], seen["kind"]),
            ("caught", seen["at"]["line"], seen["kind"]),
        }
        missing -= places
        if not places & faults:
            surplus.append(seen)
    return missing, surplus


def is_for(program, interpreter):
    version = tuple(map(int, version_of(interpreter).split(".")))
    return version >= NEEDS.get(program.path.name, (3, 8))


def judge_again(interpreter, program, lines, text):
    """All that depends on nothing but the program must be the same each time."""
    if not [line for line in lines if line["kind"] == "plans"][0]["deterministic"]:
        return "the undisturbed run was another one the second time"
    is_repeated = program.path.parent.name == "faulty" and interpreter in REPEATED
    if is_repeated and sweep(interpreter, program.path, program.name)[1] != text:
        return "the second sweep was another one"
    return None


def judge(interpreter, program):
    """What is wrong with what the sweep said; None if nothing is."""
    run, text = sweep(interpreter, program.path, program.name)
    lines = [json.loads(line) for line in text.splitlines()]
    kinds = [line["kind"] for line in lines]
    if run.returncode != 0 or kinds[0] != "start" or kinds[-1] != "end" or "plans" not in kinds:
        return f"failed with status {run.returncode}: {run.stderr.decode()}{text}"
    ends = {line["main"] for line in lines if line["kind"] == "run"}
    if ends & {"crashed", "killed", "exited"}:
        return f"runs that {ends}: {text}"
    faults = [line for line in lines if line["kind"] not in NO_FAULTS]
    missing, surplus = missing_and_surplus(expected(program), faults)
    if missing or surplus:
        return f"missing: {missing}, surplus: {surplus}"
    return None if program.path.name == "outside.py" else judge_again(interpreter, program, lines, text)


def judge_all(folder, interpreter):
    """(program, what is wrong or None) of each."""
    chosen = [program for program in programs(folder) if is_for(program, interpreter)]
    with concurrent.futures.ThreadPoolExecutor(2) as executor:
        return list(zip(chosen, executor.map(lambda program: judge(interpreter, program), chosen)))


class SweepTest(unittest.TestCase):
    def check(self, folder, interpreter):
        for program, fault in judge_all(folder, interpreter):
            with self.subTest(program=program.name, interpreter=interpreter):
                self.assertIsNone(fault)


def add_tests():
    for interpreter in INTERPRETERS:
        for folder in ("correct", "faulty"):
            name = re.sub(r"\W+", "_", f"test_{folder}_{interpreter}")
            setattr(SweepTest, name, lambda self, f=folder, i=interpreter: self.check(f, i))


def print_table():
    print("| Python | correct programs | said of them | faulty programs | reported at their lines |\n|---|---|---|---|---|")
    for interpreter in INTERPRETERS:
        correct, faulty = judge_all("correct", interpreter), judge_all("faulty", interpreter)
        said = sum(1 for _, fault in correct if fault)
        right = sum(1 for _, fault in faulty if not fault)
        print(f"| {version_of(interpreter)} | {len(correct)} | {said} | {len(faulty)} | {right} |", flush=True)


add_tests()

if __name__ == "__main__":
    if sys.argv[1:] == ["--table"]:
        print_table()
    else:
        unittest.main()
