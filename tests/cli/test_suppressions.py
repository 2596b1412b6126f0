"""`awry suppressions list` and `awry check --add-suppressions` as a user meets them."""
import json
import unittest

from project import ProjectTest

A = """import asyncio


async def start(work):
    asyncio.create_task(work())  # awry: ignore dangling-task -- the loop ends with it
    # awry: ignore AWR302, AWR301
    asyncio.create_task(work())
    asyncio.create_task(work())  # noqa: AWR302 kept elsewhere
    await work()  # noqa: E501
    await work()  # noqa
"""
DANGLING = "import asyncio\n\n\nasync def start(work):\n    asyncio.create_task(work())\n"


class SuppressionsTest(ProjectTest):
    def listed(self, *arguments):
        done = self.awry("suppressions", "list", *arguments)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def check(self, *arguments, **more):
        return self.awry("check", "--isolated", *arguments, **more)

    # --- list

    def test_place_rules_and_reason_are_listed(self):
        self.write("b/a.py", A)
        self.write("a.py", "# awry: ignore-file leaked-session -- a script\nimport asyncio  # awry: ignore\n")
        self.write("empty.py", "x = 1\n")
        self.assertEqual(
            self.listed(),
            "a.py:1:1: leaked-session (whole file) -- a script\n"
            "a.py:2:17: all rules\n"
            "b/a.py:5:34: dangling-task -- the loop ends with it\n"
            "b/a.py:6:5: AWR302, AWR301\n"
            "b/a.py:8:34: AWR302 -- kept elsewhere\n"
            "5 suppressions, 2 of them without a reason.\n",
        )
        self.assertEqual(self.listed("a.py", "--exclude", "b").count("\n"), 3)
        self.assertEqual(self.listed("empty.py"), "0 suppressions.\n")

    def test_as_json(self):
        self.write("a.py", A)
        cells = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": "await x  # awry: ignore AWR301"}]
        self.write("n.ipynb", json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
        document = json.loads(self.listed("--output-format", "json"))
        self.assertEqual(document["schema_version"], 1)
        first, second, third, last = document["suppressions"]
        self.assertEqual(
            first,
            {
                "path": "a.py",
                "cell": None,
                "start": {"line": 5, "column": 34},
                "rules": ["dangling-task"],
                "scope": "line",
                "form": "awry",
                "reason": "the loop ends with it",
            },
        )
        self.assertEqual((second["reason"], second["rules"]), (None, ["AWR302", "AWR301"]))
        self.assertEqual(third["form"], "noqa")
        self.assertEqual((last["path"], last["cell"], last["start"]["line"]), ("n.ipynb", 1, 1))

    def test_what_cannot_be_read_is_a_problem(self):
        self.write("a.py", b"\xff\xfe")
        done = self.awry("suppressions", "list")
        self.assertEqual(done.returncode, 2)
        self.assertIn("a.py", done.stderr)
        self.assertEqual(self.awry("suppressions", "list", "nowhere").returncode, 2)
        self.assertEqual(self.awry("suppressions").returncode, 2)
        self.assertEqual(self.awry("suppressions", "list", "--output-format", "xml").returncode, 2)

    def test_a_reason_can_be_required(self):
        self.write("a.py", A)
        done = self.check("--select", "AWR302,suppression-without-reason", "--output-format", "concise")
        self.assertEqual(done.returncode, 1)
        self.assertEqual([line.split(": ")[0] for line in done.stdout.splitlines() if ".py" in line], ["a.py:6:5"])

    # --- add

    def test_comments_are_written_with_their_reason(self):
        path = self.write("a.py", DANGLING)
        done = self.check("--add-suppressions=known since 2019")
        self.assertEqual((done.returncode, done.stderr), (0, "awry: suppressed 1 finding in 1 file\n"))
        self.assertTrue(path.read_text().endswith("(work())  # awry: ignore dangling-task -- known since 2019\n"))
        self.assertEqual(self.check("--extend-select", "suppression-without-reason").returncode, 0)
        written = path.read_text()
        self.assertEqual(self.check("--add-suppressions").stderr, "")
        self.assertEqual(path.read_text(), written)

    def test_without_a_reason(self):
        path = self.write("a.py", DANGLING)
        self.assertEqual(self.check("--add-suppressions", "a.py").returncode, 0)
        self.assertTrue(path.read_text().endswith("(work())  # awry: ignore dangling-task\n"))

    def test_unused_ones_stay_findings(self):
        self.write("a.py", DANGLING + "    await work()  # awry: ignore unawaited-coroutine\n")
        done = self.check("--add-suppressions", "--output-format", "concise")
        self.assertEqual(done.returncode, 1)
        self.assertIn("unused-suppression", done.stdout)
        self.assertNotIn("dangling-task", done.stdout)

    def test_what_would_be_written_is_shown(self):
        path = self.write("a.py", DANGLING)
        done = self.check("--add-suppressions=why", "--diff")
        self.assertEqual(done.returncode, 1)
        self.assertIn("+    asyncio.create_task(work())  # awry: ignore dangling-task -- why\n", done.stdout)
        self.assertEqual(path.read_text(), DANGLING)

    def test_standard_input(self):
        done = self.check("--add-suppressions", "-", stdin=DANGLING)
        self.assertTrue(done.stdout.endswith("# awry: ignore dangling-task\n"), done.stdout)

    def test_only_what_is_not_in_the_baseline(self):
        old = self.write("old.py", DANGLING)
        self.awry("baseline", "create")
        new = self.write("new.py", DANGLING)
        done = self.check("--baseline", "awry-baseline.txt", "--add-suppressions")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertEqual(old.read_text(), DANGLING)
        self.assertIn("ignore dangling-task", new.read_text())

    def test_a_notebook(self):
        source = "import asyncio\nasync def work():\n    pass\nasync def start():\n    asyncio.create_task(work())\n"
        cells = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": source.splitlines(True)}]
        path = self.write("n.ipynb", json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
        self.assertEqual(self.check().returncode, 1)
        self.assertEqual(self.check("--add-suppressions=why").returncode, 0)
        self.assertIn("dangling-task -- why", "".join(json.loads(path.read_text())["cells"][0]["source"]))

    def test_options_that_make_no_sense(self):
        self.write("a.py", DANGLING)
        for arguments in (("--add-suppressions", "--fix"), ("--add-suppressions=a\nb",), ("--add-suppressions", "--staged")):
            done = self.check(*arguments)
            self.assertEqual((done.returncode, done.stdout), (2, ""))


if __name__ == "__main__":
    unittest.main()
