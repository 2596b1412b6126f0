"""A project in a folder of its own, and awry run in it."""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

AWRY = os.environ["AWRY"]
# As on a developer's machine, wherever the tests run, without the developer's own settings.
PLAIN = {"XDG_CONFIG_HOME": "/nonexistent", "NO_COLOR": "1", "GITHUB_ACTIONS": "", "GITLAB_CI": "", "TF_BUILD": ""}


class ProjectTest(unittest.TestCase):
    """The folder is there for one test."""

    def setUp(self):
        self._folder = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self._folder.name)

    def tearDown(self):
        self._folder.cleanup()

    def write(self, name, content):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def awry(self, *arguments, stdin=None, environment=None, text=True, cwd=None):
        return subprocess.run(
            [AWRY, *map(str, arguments)],
            cwd=cwd or self.root,
            input=stdin,
            capture_output=True,
            text=text,
            timeout=120,
            env={**os.environ, **PLAIN, **(environment or {})},
        )

    def check(self, *arguments, **options):
        return self.awry("check", *arguments, **options)

    def report(self, *arguments, **options):
        done = self.check("--output-format", "json", *arguments, **options)
        return json.loads(done.stdout)

    def problem(self, done, *parts):
        """The run has failed, and says all of this."""
        self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
        for part in parts:
            self.assertIn(part, done.stderr)
