"""What a program does again and again under the checker takes no more memory the tenth time: no reference is kept for good.

Each program of correct/ and faulty/ runs several times in one interpreter; from the third time on, there are hardly more
memory blocks. The environment names the extension (AWRY_RUNTIME).
"""

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from checker import LOADER, RUNTIME  # noqa: E402
from interpreters import INTERPRETERS  # noqa: E402
from test_programs import HERE  # noqa: E402

REPEAT = """
import gc, sys
path = {program!r}
code = compile(open(path, "rb").read(), path, "exec", dont_inherit=True)
counts = []
for turn in range({warm} + {turns}):
    exec(code, {{"__name__": "__main__", "__file__": path}})
    for _ in range(3):
        gc.collect()
    counts.append(sys.getallocatedblocks())
print("grown", counts[-1] - counts[{warm} - 1])
"""

WARM, TURNS = 3, 3
# In each turn: classes that the programs make leave something in caches of the interpreter.
ALLOWED = 30


def growth(interpreter, program, is_checked=True):
    """How many memory blocks more there are after some turns; or what went wrong."""
    with tempfile.TemporaryDirectory() as folder, open(os.devnull, "wb") as nowhere:
        repeat = Path(folder, "repeat.py")
        repeat.write_text(REPEAT.format(program=str(program), warm=WARM, turns=TURNS))
        loader = ["-c", LOADER, RUNTIME, str(nowhere.fileno())] if is_checked else []
        run = subprocess.run(
            [interpreter, *loader, str(repeat)],
            pass_fds=[nowhere.fileno()],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=200,
        )
    lines = [line for line in run.stdout.splitlines() if line.startswith("grown ")]
    return int(lines[0].split()[1]) if lines else run.stderr


class Growth(unittest.TestCase):
    def test_growth(self):
        for interpreter in {INTERPRETERS[0], INTERPRETERS[-1]}:
            for program in sorted([*HERE.glob("correct/*.py"), *HERE.glob("faulty/*.py")]):
                with self.subTest(interpreter=interpreter, program=program.name):
                    grown = growth(interpreter, program)
                    if isinstance(grown, int) and grown >= ALLOWED * TURNS:
                        # Some interpreters, as Debian's 3.11.2, keep more by themselves.
                        grown -= growth(interpreter, program, is_checked=False)
                    self.assertLess(grown, ALLOWED * TURNS)


if __name__ == "__main__":
    unittest.main()
