"""`--baseline` and `awry baseline`: old findings are left out, new ones fail, what is gone is told."""
import json
import os
import pathlib
import random
import shutil
import subprocess
import tempfile
import unittest

AWRY = os.environ["AWRY"]

FILE = "awry-baseline.txt"


def dangling(name, work="work"):
    return f"async def {name}({work}):\n    asyncio.create_task({work}())\n\n\n"


A = "import asyncio\n\n\n" + dangling("start") + dangling("again", "job")
PADDING = "# " + "-" * 120 + "\n"


class BaselineTest(unittest.TestCase):
    def setUp(self):
        self._folder = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self._folder.name).resolve()
        self.write("pyproject.toml", "")

    def tearDown(self):
        self._folder.cleanup()

    def write(self, name, content):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        return path

    def read(self, name=FILE):
        return (self.root / name).read_text()

    def awry(self, *arguments, cwd=None):
        return subprocess.run(
            [AWRY, *map(str, arguments)],
            cwd=cwd or self.root,
            capture_output=True,
            text=True,
            errors="surrogateescape",
            timeout=120,
            env={**os.environ, "NO_COLOR": "1"},
        )

    def baseline(self, *arguments, cwd=None):
        done = self.awry("baseline", *arguments, cwd=cwd)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def check(self, *arguments, cwd=None):
        return self.awry("check", "--baseline", self.root / FILE, *arguments, cwd=cwd)

    def found(self, *arguments, cwd=None):
        done = self.check("--output-format", "json", *arguments, cwd=cwd)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        findings = json.loads(done.stdout)["findings"]
        self.assertEqual(done.returncode, 1 if findings else 0)
        return [(f["path"], f["start"]["line"]) for f in findings]

    def entries(self, name=FILE):
        return [line for line in self.read(name).splitlines() if not line.startswith("#")]

    # --- the file

    def test_it_is_a_text_of_one_sorted_line_an_entry(self):
        self.write("b.py", A)
        self.write("a.py", A + dangling("start"))
        self.assertEqual(self.baseline("create"), f"{FILE}: 5 findings\n")
        lines = self.entries()
        self.assertEqual(lines, sorted(lines))
        self.assertEqual(len(lines), 5)
        fields = lines[0].split(" ", 4)
        self.assertEqual((fields[0], fields[1], fields[3]), ("a.py", "dangling-task", "1"))
        self.assertIn(fields[4], ("asyncio.create_task(work())", "asyncio.create_task(job())"))
        self.assertTrue(self.read().startswith("# awry baseline 1\n"))

    def test_findings_that_look_the_same_are_counted(self):
        self.write("a.py", "import asyncio\n\n\n" + (dangling("start") + PADDING) * 3)
        self.baseline("create")
        self.assertEqual([line.split(" ")[3] for line in self.entries()], ["3"])
        self.write("a.py", "import asyncio\n\n\n" + (dangling("start") + PADDING) * 4)
        self.assertEqual(len(self.found()), 1)

    def test_it_is_the_same_whatever_the_names_and_threads_are(self):
        for i in range(30):
            self.write(f"m{i}.py", A)
        self.baseline("create")
        first = self.read()
        names = [f"m{i}.py" for i in range(30)]
        random.Random(5).shuffle(names)
        self.baseline("create", "--force", *names)
        self.assertEqual(self.read(), first)
        self.assertEqual(self.baseline("update"), f"{FILE}: 60 findings, 0 added, 0 taken out\n")
        self.assertEqual(self.read(), first)

    def test_paths_of_any_spelling(self):
        odd = ["a b.py", 'quo"te.py', "back\\slash.py", "#.py", "ünï.py", "=======.py"]
        for name in odd:
            self.write(name, A)
        raw = os.fsencode(self.root) + b"/\xff\xfe.py"
        with open(raw, "w") as file:
            file.write(A)
        self.baseline("create")
        self.read()  # is UTF-8
        self.assertEqual(self.found(), [])
        os.rename(raw, os.fsencode(self.root) + b"/\xff.py")
        self.assertEqual(self.found(), [])

    def test_another_version_may_exist_already(self):
        self.write("a.py", A)
        self.baseline("create")
        before = self.read()
        self.write("b.py", A)
        done = self.awry("baseline", "create")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn(f"{FILE} exists; `awry baseline update`", done.stderr)
        self.assertEqual(self.read(), before)
        self.baseline("create", "--force")
        self.assertEqual(len(self.entries()), 4)

    def test_what_is_no_baseline_says_where(self):
        self.write("a.py", A)
        self.baseline("create")
        good = self.read()
        for text, place in (
            ("", f"{FILE}:1:1: no baseline of awry"),
            ("{}", f"{FILE}:1:1: no baseline of awry"),
            ("# awry baseline 2\n", f'{FILE}:1:1: a baseline of version "2"'),
            (good + "<<<<<<< ours\n", f"{FILE}:6:1: a merge left a conflict here"),
            (good + "a.py dangling-task xyz 1 x\n", f"{FILE}:6:1: not an entry"),
            (good + "a.py dangling-task 12 0 x\n", f"{FILE}:6:1: not an entry"),
            (good + "a.py\n", f"{FILE}:6:1: not an entry"),
            (good + '"a.py dangling-task 12 1 x\n', f"{FILE}:6:1: the quoted path"),
            (good + '"a\\q.py" dangling-task 12 1 x\n', f"{FILE}:6:1: the quoted path"),
        ):
            self.write(FILE, text)
            for command in (("check", "--baseline", FILE), ("baseline", "update"), ("baseline", "prune")):
                done = self.awry(*command)
                self.assertEqual((done.returncode, done.stdout), (2, ""), text)
                self.assertIn(place, done.stderr)
            self.assertEqual(self.read(), text)

    def test_a_baseline_that_is_not_there(self):
        self.write("a.py", A)
        done = self.check()
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn(f"{FILE}: the baseline does not exist; `awry baseline create` writes it", done.stderr)
        self.assertEqual(self.awry("baseline", "prune").returncode, 2)
        self.assertFalse((self.root / FILE).exists())
        self.assertEqual(self.baseline("update"), f"{FILE}: 2 findings, 2 added, 0 taken out\n")

    def test_a_file_that_cannot_be_written(self):
        self.write("a.py", A)
        done = self.awry("baseline", "create", "--baseline", "no/such/folder.txt")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("no/such/folder.txt", done.stderr)
        self.assertEqual([path.name for path in self.root.iterdir() if path.name.startswith(".awry")], [])

    def test_lines_of_two_branches_merge(self):
        git = ["git", "-c", "user.name=a", "-c", "user.email=a@b"]

        def run(*words):
            subprocess.run([*git, *words], cwd=self.root, check=True, capture_output=True)

        for i in range(8):
            self.write(f"m{i}.py", A)
        self.baseline("create")
        run("init", "-q", "-b", "main")
        run("add", "-A")
        run("commit", "-qm", "one")
        run("checkout", "-qb", "other")
        self.write("m1.py", A + dangling("more", "other"))
        self.baseline("update")
        run("commit", "-qam", "two")
        run("checkout", "-q", "main")
        self.write("m6.py", A + dangling("yet", "third"))
        self.write("m3.py", "")
        self.baseline("update")
        run("commit", "-qam", "three")
        run("merge", "-q", "-m", "both", "other")
        done = self.check("--strict-baseline")
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    # --- what is left out, and what is not

    def test_a_new_finding_fails(self):
        self.write("a.py", A)
        self.baseline("create")
        self.assertEqual(self.found(), [])
        self.assertIn("2 in baseline.\n", self.check().stdout)
        self.write("a.py", A + dangling("third", "other"))
        self.assertEqual(self.found(), [("a.py", 13)])
        self.assertIn("Found 1 ", self.check().stdout)
        self.assertEqual(self.awry("check").returncode, 1)

    def test_lines_may_move_and_be_indented_anew(self):
        self.write("a.py", A)
        self.baseline("create")
        moved = A.replace("import asyncio\n", "import asyncio\n\n\nclass Other:\n    pass\n")
        self.write("a.py", moved)
        self.assertEqual(self.found(), [])
        self.write("a.py", moved.replace("    asyncio.create", "  \tasyncio.create"))
        self.assertEqual(self.found(), [])

    def test_what_follows_a_line_may_change(self):
        self.write("a.py", A)
        self.baseline("create")
        self.write("a.py", A.replace("(work())\n", "(work())\n    print('started')\n"))
        self.assertEqual(self.found(), [])

    def test_a_changed_line_is_new(self):
        self.write("a.py", A)
        self.baseline("create")
        self.write("a.py", A.replace("(work())", "(work(1))"))
        self.assertEqual(self.found(), [("a.py", 5)])

    def test_another_rule_on_the_line_is_new(self):
        self.write("a.py", A)
        self.baseline("create")
        text = self.read().replace("dangling-task", "unawaited-coroutine")
        self.write(FILE, text)
        self.assertEqual(len(self.found()), 2)

    def test_it_holds_from_any_folder(self):
        self.write("src/app/a.py", A)
        self.baseline("create")
        self.assertTrue(self.entries()[0].startswith("src/app/a.py "))
        self.assertEqual(self.found(cwd=self.root / "src"), [])
        self.assertEqual(self.found("a.py", cwd=self.root / "src/app"), [])
        self.assertEqual(self.found(self.root / "src", cwd="/"), [])

    def test_settings_name_it_from_where_they_stand(self):
        self.write("pyproject.toml", '[tool.awry]\nbaseline = "lint/known.txt"\n')
        (self.root / "lint").mkdir()
        self.write("src/a.py", A)
        self.assertEqual(self.baseline("create"), "lint/known.txt: 2 findings\n")
        self.assertEqual(self.entries("lint/known.txt")[0].split(" ")[0], "../src/a.py")
        done = self.awry("check", "src/a.py")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(self.awry("check", cwd=self.root / "src").returncode, 0)
        self.assertEqual(self.awry("check", "--no-baseline").returncode, 1)
        self.assertEqual(self.awry("check", "--isolated").returncode, 1)
        shown = self.awry("check", "--show-settings").stdout
        self.assertIn('baseline = "lint/known.txt"  # pyproject.toml:2\n', shown)

    def test_folders_have_baselines_of_their_own(self):
        for name in ("one", "two"):
            self.write(f"{name}/a.py", A)
            self.write(f"{name}/awry.toml", 'baseline = "known.txt"\n')
        self.write("one/known.txt", "# awry baseline 1\n")
        self.write("two/known.txt", "# awry baseline 1\n")
        self.assertEqual(self.awry("check").returncode, 1)
        self.baseline("update", "one", "two")
        self.assertEqual(len(self.entries("one/known.txt")), 2)
        self.assertEqual(self.read("one/known.txt"), self.read("two/known.txt"))
        self.assertEqual(self.awry("check").returncode, 0)

    def test_only_what_is_shown_is_fixed(self):
        waits = "import asyncio\n\n\nasync def {}(r):\n    try:\n        await asyncio.wait_for(r.{}(), 5)\n    except TimeoutError:\n        return\n"
        old = ("--target-version", "py38")
        self.write("a.py", waits.format("one", "read"))
        self.baseline("create", *old)
        added = self.write("b.py", waits.format("two", "drain"))
        done = self.check("--fix", *old)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertEqual(self.read("a.py"), waits.format("one", "read"))
        self.assertIn("asyncio.TimeoutError", added.read_text())

    def test_names_of_any_number_are_one_answer(self):
        # As hooks split them over several processes.
        for i in range(6):
            self.write(f"m{i}.py", A)
        self.baseline("create")
        self.write("m2.py", A + dangling("more", "other"))
        parts = [self.found("m0.py", "m1.py", "m2.py"), self.found("m3.py", "m4.py", "m5.py")]
        self.assertEqual(parts, [[("m2.py", 13)], []])
        self.assertEqual(self.found(), parts[0])

    def test_sarif_has_it_as_suppressed_outside_of_the_source(self):
        self.write("a.py", A)
        self.baseline("create")
        self.write("a.py", A + dangling("third", "other"))
        log = json.loads(self.check("--output-format", "sarif").stdout)
        results = log["runs"][0]["results"]
        found = {r["locations"][0]["physicalLocation"]["region"]["startLine"]: r["suppressions"] for r in results}
        self.assertEqual(sorted(found), [5, 9, 13])
        self.assertEqual([found[5][0]["kind"], found[9][0]["kind"], found[13]], ["external", "external", []])

    def test_sarif_says_what_is_new_what_was_there_and_what_is_gone(self):
        self.write("a.py", A)
        self.write("sub/b.py", "import asyncio\n\n\n" + dangling("old", "lost") * 2)
        self.baseline("create")
        self.write("a.py", A + dangling("third", "other"))
        self.write("sub/b.py", "x = 1\n")
        report = self.check("--output-format", "sarif").stdout
        run = json.loads(report)["runs"][0]
        states = [(r["baselineState"], r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]) for r in run["results"]]
        present = [("unchanged", "a.py")] * 2 + [("new", "a.py")]
        self.assertEqual(sorted(states), sorted(present + [("absent", "sub/b.py")] * 2))
        absent = [result for result in run["results"] if result["baselineState"] == "absent"]
        texts = {result["message"]["text"] for result in absent}
        self.assertEqual(texts, {"Gone since the baseline: `asyncio.create_task(lost())`."})
        for result in absent:
            self.assertEqual(run["tool"]["driver"]["rules"][result["ruleIndex"]]["name"], "dangling-task")
        without = json.loads(self.awry("check", "--output-format", "sarif").stdout)["runs"][0]["results"]
        self.assertEqual({"baselineState" in result for result in without}, {False})

    # --- what is gone

    def gone(self, *arguments):
        done = self.check(*arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stderr

    def test_what_is_gone_is_a_warning_or_an_error(self):
        self.write("a.py", A)
        self.baseline("create")
        self.assertEqual(self.gone(), "")
        self.write("a.py", A.replace("    asyncio.create_task(job())", "    await job()"))
        said = self.gone()
        self.assertRegex(said, r"awry: warning: awry-baseline.txt:\d: gone: dangling-task in a.py: asyncio.create_task\(job\(\)\)\n")
        self.assertIn("1 finding of the baseline is gone: `awry baseline prune` takes it out", said)
        done = self.check("--strict-baseline")
        self.assertEqual(done.returncode, 1)
        self.assertIn("awry: error: 1 finding of the baseline is gone", done.stderr)
        self.assertEqual(self.baseline("prune"), f"{FILE}: 1 finding, 1 taken out\n")
        self.assertEqual(self.check("--strict-baseline").returncode, 0)
        self.write("a.py", A)
        self.assertEqual(self.found(), [("a.py", 9)])

    def test_pruning_takes_nothing_in(self):
        self.write("a.py", A)
        self.baseline("create")
        self.write("a.py", A.replace("(job())", "(job(1))"))
        self.assertEqual(self.baseline("prune"), f"{FILE}: 1 finding, 1 taken out\n")
        self.assertEqual(self.found(), [("a.py", 9)])
        self.assertEqual(self.baseline("update"), f"{FILE}: 2 findings, 1 added, 0 taken out\n")
        self.assertEqual(self.found(), [])

    def test_what_was_not_looked_at_is_not_gone(self):
        self.write("a.py", A)
        self.write("src/b.py", A)
        self.write("src/c.py", A)
        self.baseline("create")
        for name in ("a.py", "src/b.py"):
            self.write(name, "")
        (self.root / "src/c.py").unlink()
        self.assertIn("6 findings", self.gone())
        self.assertEqual(self.gone("src/b.py").count(" gone: d"), 2)
        self.assertEqual(self.gone("src").count(" gone: d"), 4)
        self.assertEqual(self.gone("--ignore", "dangling-task"), "")
        self.baseline("prune", "src")
        self.assertEqual(len(self.entries()), 2)

    def test_a_broken_file_loses_no_entries(self):
        self.write("a.py", A)
        self.baseline("create")
        before = self.read()
        self.write("a.py", "import asyncio\nasync def f(:\n    (((\n")
        self.assertNotIn("gone", self.check().stderr)
        self.baseline("prune")
        self.assertEqual(self.read(), before)

    def test_what_is_suppressed_is_gone(self):
        self.write("a.py", A)
        self.baseline("create")
        self.write("a.py", A.replace("(work())", "(work())  # awry: ignore dangling-task"))
        self.assertIn("1 finding of the baseline is gone", self.gone())

    # --- files that are renamed

    def test_a_renamed_file_is_followed(self):
        head = A.replace("async def again", PADDING + "async def again")
        self.write("a.py", head)
        self.write("same.py", head)
        self.baseline("create")
        (self.root / "a.py").rename(self.root / "b.py")
        # What follows the second finding has changed, too.
        self.write("b.py", head + dangling("third", "other"))
        self.assertEqual(self.found(), [("b.py", 14)])
        self.assertNotIn("gone", self.check().stderr)
        self.assertEqual(self.found("b.py"), [("b.py", 14)])
        self.assertEqual(self.baseline("prune"), f"{FILE}: 4 findings, 0 taken out\n")
        self.assertEqual({line.split(" ")[0] for line in self.entries()}, {"b.py", "same.py"})
        self.assertEqual(self.found(), [("b.py", 14)])

    def test_a_folder_that_moves(self):
        for name in ("one", "two"):
            self.write(f"old/{name}.py", A)
        self.baseline("create")
        shutil.move(self.root / "old", self.root / "new")
        self.assertEqual(self.found(), [])
        self.assertEqual(self.check("--strict-baseline").returncode, 0)

    def test_a_copy_is_new(self):
        self.write("a.py", A)
        self.baseline("create")
        self.write("b.py", A)
        self.assertEqual(self.found(), [("b.py", 5), ("b.py", 9)])
        # Of two files that look like the one that is gone, the first in order is it.
        (self.root / "a.py").rename(self.root / "c.py")
        for jobs in ("1", "2", "5"):
            self.assertEqual(self.found("--jobs", jobs), [("c.py", 5), ("c.py", 9)])


if __name__ == "__main__":
    unittest.main()
