"""What the runtime checker says of whole programs, on every CPython that is there.

correct/ holds programs of which nothing may be said, faulty/ such that must be reported, each fault once, and at the
right line:

    except CancelledError:  # expect: KIND, …   the line that is reported
        await work()        # caught: KIND      the line that waited: the handler's line differs between versions

The environment names what is tested (see checker.py).
"""

import json
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from checker import LOADER, RUNTIME, environment, expected_faults, missing_and_surplus  # noqa: E402
from interpreters import INTERPRETERS  # noqa: E402

HERE = Path(__file__).parent

# Lines about the run itself.
NO_FAULTS = {"start", "end", "unsupported"}


def observe(interpreter, program, *orders):
    """Runs the program under the checker: what it printed, and what was seen."""
    with tempfile.TemporaryFile() as seen:
        run = subprocess.run(
            [interpreter, "-c", LOADER, RUNTIME, str(seen.fileno()), str(program), *orders],
            pass_fds=[seen.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            timeout=60,
            env=environment(),
        )
        seen.seek(0)
        return run, [json.loads(line) for line in seen]


class Programs(unittest.TestCase):
    def check(self, folder, interpreter):
        for program in sorted((HERE / folder).glob("*.py")):
            with self.subTest(program=program.name, interpreter=interpreter):
                run, lines = observe(interpreter, program)
                self.assertEqual(run.returncode, 0, run.stderr.decode())
                self.assertEqual([lines[0]["kind"], lines[-1]["kind"]], ["start", "end"])
                faults = [line for line in lines if line["kind"] not in NO_FAULTS]
                missing, surplus = missing_and_surplus(expected_faults(program), faults)
                self.assertEqual((missing, surplus), (set(), []))


def add_tests():
    for interpreter in INTERPRETERS:
        for folder in ("correct", "faulty"):
            name = re.sub(r"\W+", "_", f"test_{folder}_{interpreter}")
            setattr(Programs, name, lambda self, f=folder, i=interpreter: self.check(f, i))


add_tests()

if __name__ == "__main__":
    unittest.main()
