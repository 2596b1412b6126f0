"""What makes `awry check` fail, and what it leaves out: severities, thresholds, exclusion by force."""
import json
import unittest

from project import ProjectTest

# One warning, one error.
DANGLING = "import asyncio\n\n\nasync def start(work):\n    asyncio.create_task(work())\n"
UNAWAITED = "async def save():\n    return 1\n\n\nasync def main():\n    save()\n"
# A safe fix, for Pythons below 3.11.
LINES = """import asyncio


async def read_line(reader):
    try:
        return await asyncio.wait_for(reader.readline(), 5)
    except TimeoutError:
        return b""
"""


class GatingTest(ProjectTest):
    def status(self, *arguments):
        done = self.check(*arguments)
        self.assertEqual(done.stderr, "")
        return done.returncode

    def refusal(self, *arguments):
        done = self.check(*arguments)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        return done.stderr

    # --- severities and what fails

    def severities(self, *arguments):
        findings = json.loads(self.check("--output-format", "json", *arguments).stdout)["findings"]
        return {finding["name"]: finding["severity"] for finding in findings}

    def test_settings_say_how_severe_a_rule_is(self):
        self.write("a.py", DANGLING)
        self.write("b.py", UNAWAITED)
        first = self.severities()
        self.assertEqual(sorted(first), ["dangling-task", "unawaited-coroutine"])
        self.write("awry.toml", '[severity]\ndangling-task = "info"\nAWR3 = "warning"\n')
        self.assertEqual(self.severities(), {"dangling-task": "info", "unawaited-coroutine": "warning"})
        # The more exact one decides, wherever it stands.
        self.write("awry.toml", '[severity]\nALL = "info"\nAWR302 = "error"\nAWR3 = "warning"\n')
        self.assertEqual(self.severities(), {"dangling-task": "error", "unawaited-coroutine": "warning"})

    def test_a_wrong_severity_says_where(self):
        self.write("a.py", "x = 1\n")
        for line, message in (
            ('dangling-task = "fatal"', 'awry.toml:2:17: the severity of "dangling-task" must be'),
            ('dangling-taks = "error"', 'awry.toml:2:1: unknown rule "dangling-taks"; did you mean'),
            ("dangling-task = 1", 'awry.toml:2:17: the severity of "dangling-task" must be'),
        ):
            self.write("awry.toml", f"[severity]\n{line}\n")
            done = self.check()
            self.assertEqual(done.returncode, 2)
            self.assertIn(message, done.stderr)

    def test_fail_on(self):
        self.write("a.py", DANGLING)
        self.write("awry.toml", '[severity]\ndangling-task = "warning"\n')
        self.assertEqual([self.status("--fail-on", s) for s in ("error", "warning", "info", "never")], [0, 1, 1, 0])
        self.assertEqual(self.status(), 1)
        self.write("awry.toml", 'fail-on = "error"\n[severity]\ndangling-task = "warning"\n')
        self.assertEqual(self.status(), 0)
        self.assertEqual(self.status("--fail-on", "info"), 1)
        self.assertIn("dangling-task", self.check().stdout)
        self.assertIn("--fail-on takes", self.refusal("--fail-on", "Error"))
        self.write("awry.toml", 'fail-on = "all"\n')
        self.assertIn('awry.toml:1:11: "fail-on" must be', self.check().stderr)

    def test_each_file_fails_by_its_own_settings(self):
        self.write("app/a.py", DANGLING)
        self.write("app/awry.toml", 'fail-on = "never"\n')
        self.write("tools/awry.toml", 'fail-on = "info"\n')
        self.assertEqual(self.status(), 0)
        self.write("tools/a.py", DANGLING)
        self.assertEqual(self.status(), 1)

    def test_max_warnings(self):
        self.write("awry.toml", '[severity]\ndangling-task = "warning"\nunawaited-coroutine = "error"\n')
        self.write("a.py", DANGLING)
        self.write("b.py", DANGLING)
        self.assertEqual([self.status("--max-warnings", n) for n in ("2", "1", "0")], [0, 1, 1])
        self.assertEqual(self.status("--max-warnings", "2", "--fail-on", "warning"), 1)
        self.write("c.py", UNAWAITED)
        self.assertEqual(self.status("--max-warnings", "2"), 1)
        self.assertIn('--max-warnings takes a whole number, not "few"', self.refusal("--max-warnings", "few"))

    def test_exit_non_zero_on_fix(self):
        arguments = ("--target-version", "py38", "--fix", "--exit-non-zero-on-fix")
        self.write("a.py", LINES)
        self.assertEqual(self.check(*arguments).returncode, 1)
        self.assertEqual(self.check(*arguments).returncode, 0)
        self.write("a.py", LINES)
        self.assertEqual(self.check(*arguments[:-1]).returncode, 0)

    # --- exclusion

    def test_named_files_are_excluded_by_force(self):
        self.write("awry.toml", 'exclude = ["vendored/**"]\n')
        self.write("vendored/a.py", DANGLING)
        self.assertEqual(self.status(), 0)
        self.assertEqual(self.status("vendored"), 0)
        self.assertEqual(self.status("vendored/a.py"), 1)
        self.assertEqual(self.status("--force-exclude", "vendored/a.py"), 0)
        self.write("awry.toml", 'exclude = ["vendored/**"]\nforce-exclude = true\n')
        self.assertEqual(self.status("vendored/a.py"), 0)
        self.write("awry.toml", 'force-exclude = "yes"\n')
        self.assertIn('awry.toml:1:17: "force-exclude" must be true or false, not a string', self.check().stderr)


if __name__ == "__main__":
    unittest.main()
