"""Every fix is proved on the fixtures of its rule, on every CPython that is there: the fault shows before, and is gone behind
it. In what a rule calls good, nothing shows whatever is done to it.

The environment names the program (AWRY) and the extension (AWRY_RUNTIME).
"""

import json
import os
import subprocess
import sys
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import proofs  # noqa: E402
from checker import LOADING, RUNTIME  # noqa: E402
from interpreters import INTERPRETERS, version_of  # noqa: E402

AWRY = os.environ["AWRY"]
RULES = proofs.rules_with_fixes()
GOOD = [rule for rule in proofs.rules_with("good.py") if not rule.cannot_be_run and not rule.needs_packages]
RUNNABLE = [rule for rule in RULES if not rule.cannot_be_run]
VERSIONS = [(version_of(python), python) for python in INTERPRETERS]
POOL = ThreadPoolExecutor(os.cpu_count())

SWEEPER = LOADING + 'runtime.main(int(sys.argv[2]), sys.argv[3], "good", "scenario", "sweep")\n'

# Lines about the runs themselves.
NO_FAULTS = {"start", "end", "plans", "run"}


def sweep(python, path):
    """What is seen when the scenario is swept."""
    with tempfile.TemporaryFile() as seen:
        subprocess.run(
            [python, "-c", SWEEPER, RUNTIME, str(seen.fileno()), str(path)],
            pass_fds=[seen.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=120,
        )
        seen.seek(0)
        return [json.loads(line) for line in seen]


class Proofs(unittest.TestCase):
    def check_fixes(self, rule):
        versions = [(version, python) for version, python in VERSIONS if rule.applies(version)]
        found = POOL.map(lambda pair: proofs.verdicts(AWRY, rule, pair[1], pair[0]), versions)
        for (version, _), verdicts in zip(versions, found):
            with self.subTest(version=version):
                told = [(verdict["line"], verdict["verdict"], verdict["why"]) for verdict in verdicts]
                words = {verdict["verdict"] for verdict in verdicts}
                self.assertIn("fixed", words, told)
                # Of several fixes some may be for code that this version does not come by.
                self.assertLessEqual(words, {"fixed", "not-reproduced"}, told)
                fixed = {verdict["line"] for verdict in verdicts if verdict["verdict"] == "fixed"}
                self.assertTrue(version != versions[-1][0] or len(fixed) == len(verdicts), told)

    def check_good(self, rule):
        versions = [(version, python) for version, python in VERSIONS if rule.applies(version)]
        found = POOL.map(lambda pair: sweep(pair[1], rule.folder / "good.py"), versions)
        for (version, _), lines in zip(versions, found):
            with self.subTest(version=version):
                runs = [line for line in lines if line["kind"] == "run"]
                ends = {line["main"] for line in runs if line["plan"] == "none"}
                self.assertEqual(ends, {"returned"})
                self.assertEqual([line for line in lines if line["kind"] not in NO_FAULTS], [])

    def test_nearly_every_rule_is_proved(self):
        self.assertGreaterEqual(len(RUNNABLE), len(RULES) * 95 / 100)


def add_tests():
    for rule in RUNNABLE:
        name = rule.name.replace("-", "_")
        setattr(Proofs, f"test_fixes_of_{name}", lambda self, r=rule: self.check_fixes(r))
    for rule in GOOD:
        name = rule.name.replace("-", "_")
        setattr(Proofs, f"test_good_example_of_{name}", lambda self, r=rule: self.check_good(r))


add_tests()

if __name__ == "__main__":
    unittest.main()
