"""`awry check --explain-silence` as a user meets it."""
import json
import sys
import unittest

from project import ProjectTest

JOBS = """import asyncio


async def beat():
    await asyncio.sleep(1)


async def main(stop):
    asyncio.create_task(beat())
    asyncio.create_task(beat())  # awry: ignore dangling-task -- it is short
    task = asyncio.create_task(beat())
    await stop.wait()
    try:
        await beat()
    except asyncio.CancelledError:
        print("over")
"""


class ExplainTest(ProjectTest):
    def setUp(self):
        super().setUp()
        self.write("jobs.py", JOBS)

    def explain(self, place, *arguments):
        return self.awry("check", "--explain-silence", place, *arguments)

    def text(self, place, *arguments):
        done = self.explain(place, *arguments)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def test_a_finding(self):
        text = self.text("jobs.py:9")
        self.assertIn("jobs.py:9\n    9 |     asyncio.create_task(beat())\n", text)
        self.assertIn("Reported:\n  dangling-task AWR302\n    9:5  nothing refers to this task", text)

    def test_a_suppression(self):
        text = self.text("jobs.py:10")
        self.assertNotIn("Reported:", text)
        self.assertIn("dangling-task AWR302 (suppressed by the comment in line 10: it is short)", text)

    def test_a_reason(self):
        text = self.text("jobs.py:11")
        self.assertNotIn("Reported:", text)
        self.assertIn("Looked at, and let pass:", text)
        self.assertIn("dangling-task AWR302\n    11:12  a name keeps the task", text)

    def test_a_rule_that_is_off(self):
        text = self.text("jobs.py:15")
        self.assertIn("Found, but not shown:\n  absorbed-cancellation AWR113 (off unless it is selected)", text)
        text = self.text("jobs.py:15", "--select", "absorbed-cancellation")
        self.assertIn("Reported:\n  absorbed-cancellation AWR113", text)
        self.assertIn("(not among the selected rules)", text)

    def test_settings(self):
        self.write("awry.toml", '[per-file-ignores]\n"jobs.*" = ["AWR302"]\n')
        self.assertIn('dangling-task AWR302 (ignored for files that fit "jobs.*")', self.text("jobs.py:9"))
        self.write("awry.toml", 'exclude = ["jobs.py"]\n')
        self.assertEqual('No rule runs on jobs.py: the pattern "jobs.py" excludes it.\n', self.text("jobs.py:9"))

    def test_a_line_without_code(self):
        self.assertIn("There is no code in this line.", self.text("jobs.py:2"))

    def test_a_file_without_async(self):
        self.write("plain.py", "x = 1\n")
        self.assertIn("No rule runs on this file: the file has no word of async.", self.text("plain.py:1"))

    def test_json(self):
        document = json.loads(self.text("jobs.py:11", "--output-format", "json"))
        place = document["explained"]
        self.assertEqual((place["path"], place["line"], place["excluded"]), ("jobs.py", 11, None))
        rules = {rule["name"]: rule for rule in document["rules"]}
        quiet = rules["dangling-task"]["quiet"]
        self.assertEqual([item["start"] for item in quiet], [{"line": 11, "column": 12}])
        self.assertIn("a name keeps the task", quiet[0]["why"])
        self.assertIsNone(rules["dangling-task"]["off"])
        self.assertEqual(rules["absorbed-cancellation"]["off"], "off unless it is selected")
        document = json.loads(self.text("jobs.py:10", "--output-format", "json"))
        hidden = [rule for rule in document["rules"] if rule["hidden"]]
        self.assertEqual([rule["hidden"][0]["finding"]["code"] for rule in hidden], ["AWR302"])
        document = json.loads(self.text("jobs.py:9", "--output-format", "json", "--exclude", "jobs.py"))
        self.assertEqual(document["explained"]["excluded"], 'the pattern "jobs.py" excludes it')

    def refuse(self, message, place, *arguments):
        done = self.explain(place, *arguments)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn(message, done.stderr)

    def test_places_that_are_none(self):
        self.refuse("takes a file and a line, as in app/jobs.py:42", "jobs.py")
        self.refuse("takes a file and a line", "jobs.py:")
        self.refuse("takes a file and a line", ":9")
        self.refuse("takes a file and a line", "jobs.py:0")
        self.refuse("takes a file and a line", "jobs.py:-1")
        self.refuse("takes a file and a line", "jobs.py:9:5x")
        self.refuse("nowhere.py: does not exist", "nowhere.py:9")
        self.refuse("there is no line 99, the file has 16", "jobs.py:99")
        self.refuse("takes a file; . is a folder", ".:9")
        self.refuse("is about one file, which it names itself", "jobs.py:9", "jobs.py")
        (self.root / "binary.py").write_bytes(b"\xff\xfe\x00")
        self.refuse("binary.py", "binary.py:1")


if __name__ == "__main__":
    program = unittest.main(exit=False, verbosity=0)
    failed = len(program.result.failures) + len(program.result.errors)
    print(f"{program.result.testsRun - failed} passed, {failed} failed")
    sys.exit(0 if program.result.wasSuccessful() else 1)
