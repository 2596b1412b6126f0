"""The programs of correct/ and faulty/ under Valgrind, on one interpreter: what it says of the checker's own code.

    memcheck.py AWRY_RUNTIME [PYTHON]

Prints each report and exits with 1 if there is one. Invalid accesses count wherever they are, but in the dynamic linker.
Values that nobody set count in our code: some builds of Python, 3.11 and 3.14 among them, read such in their loop. Memory
that is lost counts if our code asked for it, directly or through Python's API: what runs or compiles the program asks for
the program. Processes that the program starts are not looked at.
"""

import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path

HERE = Path(__file__).parent
OURS = "awry_runtime.abi3.so"
OF_THE_PROGRAM = ("_PyEval_Eval", "PyEval_Eval", "_PyPegen_", "PyImport_", "builtin_compile")

LOADER = """
import importlib.util, os, sys
spec = importlib.util.spec_from_file_location("awry_runtime", sys.argv[1])
runtime = importlib.util.module_from_spec(spec)
spec.loader.exec_module(runtime)
runtime.main(os.open(os.devnull, os.O_WRONLY), sys.argv[2], "__main__", None)
"""

# What Debian's packages know of Python and of the C library.
SUPPRESSIONS = sorted(Path("/usr/lib/valgrind").glob("*.supp"))


def is_ours(frame):
    return frame.findtext("obj", "").endswith(OURS)


def is_asked_for_by_us(frames):
    for frame in frames:
        if is_ours(frame):
            return True
        if frame.findtext("fn", "").startswith(OF_THE_PROGRAM):
            return False
    return False


def counts(error):
    kind = error.findtext("kind")
    frames = error.find("stack").findall("frame")
    if kind.startswith("Leak_"):
        return is_asked_for_by_us(frames)
    if kind.startswith("Uninit"):
        return is_ours(frames[0])
    return "/ld-linux" not in frames[0].findtext("obj", "")


def describe(error):
    text = error.findtext("what") or error.findtext("xwhat/text")
    frames = error.find("stack").findall("frame")[:12]
    places = [f"{frame.findtext('fn')} ({frame.findtext('file')}:{frame.findtext('line')})" for frame in frames]
    return "\n    ".join([text, *places])


def reports(runtime, python, program):
    """What Valgrind says of one program, as text."""
    with tempfile.TemporaryDirectory() as folder:
        log = os.path.join(folder, "log")
        valgrind = ["valgrind", "--quiet", "--xml=yes", f"--xml-file={log}.%p", "--leak-check=full", "--num-callers=40"]
        valgrind += ["--show-leak-kinds=definite", *(f"--suppressions={path}" for path in SUPPRESSIONS)]
        run = subprocess.Popen(
            [*valgrind, python, "-c", LOADER, runtime, str(program)],
            env={**os.environ, "PYTHONMALLOC": "malloc"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        _, errors = run.communicate()
        if run.returncode != 0:
            yield f"ended with {run.returncode}:\n{errors.decode()}"
            return
        for error in ElementTree.parse(f"{log}.{run.pid}").getroot().iter("error"):
            if counts(error):
                yield describe(error)


def main(runtime, python=sys.executable):
    count = 0
    for program in sorted([*HERE.glob("correct/*.py"), *HERE.glob("faulty/*.py")]):
        for report in reports(runtime, python, program):
            print(f"{program.relative_to(HERE)}: {report}\n", flush=True)
            count += 1
    print(f"{count} reports of Valgrind with {python}", file=sys.stderr)
    sys.exit(count > 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
