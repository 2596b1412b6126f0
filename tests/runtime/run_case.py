"""`awry run` in a folder of its own. The environment names the program (AWRY)."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from interpreters import INTERPRETERS  # noqa: E402

AWRY = os.environ["AWRY"]
PYTHON = INTERPRETERS[-1]


class RunCase(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name).resolve()

    def write(self, name, content):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        return path

    def run_awry(self, *arguments, python=PYTHON, **options):
        return subprocess.run(
            [AWRY, "run", *(["--python", python] if python else []), *arguments],
            cwd=self.root,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            universal_newlines=True,
            timeout=60,
            env={**os.environ, "NO_COLOR": "1", "GITHUB_ACTIONS": ""},
            **options,
        )

    def concise(self, *arguments, **options):
        run = self.run_awry("--output-format", "concise", *arguments, **options)
        found = [line.split(" ")[0] + line[line.rindex(" [") :] for line in run.stdout.splitlines() if " [" in line]
        return run, found

    def refused(self, *arguments, python=PYTHON):
        run = self.run_awry(*arguments, python=python)
        self.assertEqual((run.returncode, run.stdout), (2, ""))
        return run.stderr
