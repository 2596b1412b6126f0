"""What a sweep says of whole programs, on every CPython that is there.

Each function of the files in swept/ whose name has no underscore in front is a program. Of those in correct/ nothing may be
said, whatever fault is put into them; in faulty/ each fault must be reported, at the right line (see test_programs.py).

    test_sweep.py            the tests
    test_sweep.py --table    a table for docs/runtime.md

The environment names what is tested (see checker.py).
"""

import ast
import collections
import concurrent.futures
import json
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from checker import LOADING, RUNTIME, environment, expected_faults, missing_and_surplus  # noqa: E402
from interpreters import INTERPRETERS, version_of  # noqa: E402

HERE = Path(__file__).parent

# Sweeps one function of a file after the other, each in a process of its own, which finds asyncio imported.
SWEEPER = LOADING + """
import asyncio, os
for function in sys.argv[5:]:
    child = os.fork()
    if child == 0:
        report = os.open(os.path.join(sys.argv[3], function), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        runtime.main(report, sys.argv[2], "program", function, "sweep\\n" + sys.argv[4])
        os._exit(0)
    if os.waitpid(child, 0)[1] != 0:
        sys.exit(function + " failed")
"""

# Lines about the sweep itself.
NO_FAULTS = {"start", "end", "unsupported", "plans", "run"}

# Files that need a later Python than 3.8.
NEEDS = {"groups.py": (3, 11), "matching.py": (3, 10)}

ORDERS = "run-seconds=20"

# Where faulty programs are swept twice; for the table, everywhere.
REPEATED = INTERPRETERS if "--table" in sys.argv else INTERPRETERS[-1:]

Program = collections.namedtuple("Program", "path name first last")


def programs(folder):
    for path in sorted((HERE / "swept" / folder).glob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, (ast.AsyncFunctionDef, ast.FunctionDef)) and not node.name.startswith("_"):
                yield Program(path, node.name, node.lineno, node.end_lineno)


def sweep(interpreter, path, functions, orders):
    """Sweeps functions of a file: what was reported of each."""
    with tempfile.TemporaryDirectory() as reports:
        run = subprocess.run(
            [interpreter, "-c", SWEEPER, RUNTIME, str(path), reports, orders, *functions],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            timeout=600,
            env=environment(PYTHONHASHSEED="0"),
        )
        if run.returncode != 0:
            raise AssertionError(run.stderr.decode())
        return [(Path(reports) / function).read_text(encoding="utf-8") for function in functions]


def is_for(program, interpreter):
    version = tuple(map(int, version_of(interpreter).split(".")))
    return version >= NEEDS.get(program.path.name, (3, 8))


def judge(program, text):
    """What is wrong with what the sweep said; None if nothing is."""
    lines = [json.loads(line) for line in text.splitlines()]
    kinds = [line["kind"] for line in lines]
    if kinds[:1] != ["start"] or kinds[-1] != "end" or "plans" not in kinds:
        return "no sweep: " + text
    ends = {line["main"] for line in lines if line["kind"] == "run"}
    if ends & {"crashed", "killed", "exited"}:
        return f"runs that {ends}: {text}"
    faults = [line for line in lines if line["kind"] not in NO_FAULTS]
    missing, surplus = missing_and_surplus(expected_faults(program.path, program.first, program.last), faults)
    if missing or surplus:
        return f"missing: {missing}, surplus: {surplus}"
    if program.path.name != "outside.py" and not lines[kinds.index("plans")]["deterministic"]:
        return "the undisturbed run was another one the second time"
    return None


def judge_file(interpreter, chosen, orders):
    """(program, what is wrong or None) of each program of one file."""
    path, names = chosen[0].path, [program.name for program in chosen]
    texts = sweep(interpreter, path, names, orders)
    faults = [judge(program, text) for program, text in zip(chosen, texts)]
    if path.parent.name == "faulty" and interpreter in REPEATED:
        again = sweep(interpreter, path, names, orders)
        faults = [fault or (None if text == same else "the second sweep was another one") for fault, text, same in zip(faults, texts, again)]
    return list(zip(chosen, faults))


def judge_all(folder, interpreter, orders=ORDERS):
    """(program, what is wrong or None) of each."""
    chosen = [program for program in programs(folder) if is_for(program, interpreter)]
    files = [[program for program in chosen if program.path == path] for path in sorted({program.path for program in chosen})]
    with concurrent.futures.ThreadPoolExecutor(2) as executor:
        return [pair for pairs in executor.map(lambda file: judge_file(interpreter, file, orders), files) for pair in pairs]


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
