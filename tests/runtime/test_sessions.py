"""What the runtime checker says of sessions of real HTTP clients, of old and of new versions.

sessions/ holds programs whose comments say what is to be reported, as test_programs.py reads them; offline/ such that
need a network, or an answer from memory; clients/ such that are swept with answers from memory, as test_sweep.py does it.
The environment is the same as there.
"""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import test_programs  # noqa: E402
import test_sweep  # noqa: E402
from checker import expected_faults, missing_and_surplus  # noqa: E402
from packages import clients  # noqa: E402

HERE = Path(__file__).parent
PROGRAMS = sorted((HERE / "sessions").glob("*.py"))
OFFLINE = sorted((HERE / "offline").glob("*.py"))


class Sessions(unittest.TestCase):
    def check(self, interpreter):
        for program in PROGRAMS:
            with self.subTest(program=program.name):
                run, lines = test_programs.observe(interpreter, program)
                self.assertEqual(run.returncode, 0, run.stderr.decode())
                self.assertEqual([line for line in lines if line["kind"] == "unsupported"], [])
                faults = [line for line in lines if line["kind"] not in test_programs.NO_FAULTS]
                expected = expected_faults(program)
                self.assertEqual(missing_and_surplus(expected, faults), (set(), []))

    def check_offline(self, interpreter):
        for program in OFFLINE:
            with self.subTest(program=program.name):
                run, lines = test_programs.observe(interpreter, program, "offline")
                self.assertEqual(run.returncode, 0, run.stderr.decode())
                self.assertEqual([line["kind"] for line in lines], ["start", "end"])

    def check_swept(self, interpreter):
        for program, fault in test_sweep.judge_all("../clients", interpreter, "offline\nrun-seconds=20"):
            with self.subTest(program=program.name):
                self.assertIsNone(fault)


def add_tests():
    for name, interpreter in clients():
        setattr(Sessions, f"test_swept_{name}", lambda self, i=interpreter: self.check_swept(i))
        setattr(Sessions, f"test_offline_{name}", lambda self, i=interpreter: self.check_offline(i))
        setattr(Sessions, f"test_{name}", lambda self, i=interpreter: self.check(i))


add_tests()

if __name__ == "__main__":
    unittest.main()
