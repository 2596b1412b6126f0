"""The extension uses nothing but the stable ABI as Python 3.8 knows it.

Each symbol of Python that it imports is in CPython's list of the stable ABI, from 3.8 or before; it is declared under
Py_LIMITED_API 3.8 in the headers of every Python that has some here, and every interpreter here can resolve it. The list is
that of the package abi3info, which is made of the stable_abi.toml of CPython. The environment names the extension (AWRY_RUNTIME) and the compiler (CC).
"""

import os
import re
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from interpreters import INTERPRETERS  # noqa: E402
from packages import environment  # noqa: E402

RUNTIME = os.environ["AWRY_RUNTIME"]
COMPILER = os.environ.get("CC", "cc")

RESOLVE = """
import ctypes, sys
missing = [name for name in sys.argv[1:] if not hasattr(ctypes.pythonapi, name)]
print(" ".join(missing))
"""

# Prints each symbol with the version that added it.
LIST = """
import abi3info
for kind in (abi3info.FUNCTIONS, abi3info.DATAS):
    for symbol, facts in kind.items():
        print(symbol.name, facts.added.major, facts.added.minor)
"""


def imported_symbols():
    listing = subprocess.run(["nm", "-D", "--undefined-only", RUNTIME], check=True, capture_output=True, text=True)
    return set(re.findall(r"\bU (_?Py\w+)", listing.stdout))


def declared_symbols(headers):
    run = subprocess.run(
        [COMPILER, "-E", "-P", "-DPy_LIMITED_API=0x03080000", f"-I{headers}", "-x", "c", "-"],
        input="#include <Python.h>\n",
        check=True,
        capture_output=True,
        text=True,
    )
    return set(re.findall(r"\b_?Py\w+\b", run.stdout))


def asked(interpreter, program, *arguments):
    run = subprocess.run([interpreter, "-c", program, *arguments], capture_output=True, text=True, timeout=60)
    return run.stdout.strip()


class Symbols(unittest.TestCase):
    def test_imports_something(self):
        self.assertIn("PyErr_Fetch", imported_symbols())

    def test_in_the_list_of_the_stable_abi(self):
        python = environment(sys.executable, ["abi3info==2026.9.25"])
        rows = [row.split() for row in asked(python, LIST).splitlines()]
        stable = {name for name, *added in rows if tuple(map(int, added)) <= (3, 8)}
        self.assertEqual(imported_symbols() - stable, set())

    def test_declared_in_the_limited_api(self):
        where = "import sysconfig; print(sysconfig.get_paths()['include'])"
        for interpreter in INTERPRETERS:
            headers = asked(interpreter, where)
            if not (Path(headers) / "Python.h").is_file():
                continue
            with self.subTest(headers=headers):
                self.assertEqual(imported_symbols() - declared_symbols(headers), set())

    def test_resolved_by_each_interpreter(self):
        for interpreter in INTERPRETERS:
            with self.subTest(interpreter=interpreter):
                self.assertEqual(asked(interpreter, RESOLVE, *sorted(imported_symbols())), "")


if __name__ == "__main__":
    unittest.main()
