"""What a sweep says of programs that look at the results of a gather, or do not, on every CPython that is there.

probed/ holds the programs; their comments say what is to be reported (see test_sweep.py, which is also said what the
environment names). Only the plans about children of a gather are made: the others have tests of their own.
"""

import re
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import test_sweep  # noqa: E402
from interpreters import INTERPRETERS  # noqa: E402

ORDERS = "plans=child\nrun-seconds=20"


class ProbeTest(unittest.TestCase):
    def check(self, interpreter):
        for program, fault in test_sweep.judge_all("../probed", interpreter, ORDERS):
            with self.subTest(program=program.name, interpreter=interpreter):
                self.assertIsNone(fault)


def add_tests():
    for interpreter in INTERPRETERS:
        name = re.sub(r"\W+", "_", f"test_{interpreter}")
        setattr(ProbeTest, name, lambda self, i=interpreter: self.check(i))


add_tests()

if __name__ == "__main__":
    unittest.main()
