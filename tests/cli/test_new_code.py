"""`--since`, `--since-merge-base` and `--staged`: only what is new is shown."""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

AWRY = os.environ["AWRY"]


def dangling(name, work="work"):
    return f"async def {name}({work}):\n    asyncio.create_task({work}())\n\n\n"


A = "import asyncio\n\n\n" + dangling("start") + dangling("again", "job")
CALLER = "from lib import save\n\n\nasync def main():\n    save()\n"


class NewCodeTest(unittest.TestCase):
    def setUp(self):
        self._folder = tempfile.TemporaryDirectory()
        self.base = pathlib.Path(self._folder.name).resolve()
        self.root = self.base / "repository"
        self.root.mkdir()
        self.git("init", "-q", "-b", "main")

    def tearDown(self):
        self._folder.cleanup()

    def git(self, *words, cwd=None, env=None):
        identity = {f"GIT_{who}_{what}": "a@b" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        done = subprocess.run(
            ["git", *map(os.fspath, words)],
            cwd=cwd or self.root,
            check=True,
            capture_output=True,
            text=True,
            errors="surrogateescape",
            timeout=60,
            env={**os.environ, **identity, **(env or {})},
        )
        return done.stdout.strip()

    def write(self, name, content):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, errors="surrogateescape")
        return path

    def commit(self, **files):
        for name, content in files.items():
            self.write(name.replace("__", "/") + ".py", content)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "x")
        return self.git("rev-parse", "HEAD")

    def check(self, *arguments, cwd=None, env=None, stdin=None):
        return subprocess.run(
            [AWRY, "check", *map(os.fspath, arguments)],
            cwd=cwd or self.root,
            input=stdin,
            capture_output=True,
            text=True,
            errors="surrogateescape",
            timeout=120,
            env={**os.environ, "NO_COLOR": "1", **(env or {})},
        )

    def found(self, *arguments, **more):
        done = self.check("--output-format", "json", *arguments, **more)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        findings = json.loads(done.stdout)["findings"]
        self.assertEqual(done.returncode, 1 if findings else 0)
        return [(f["path"], f["start"]["line"]) for f in findings]

    def refusal(self, *arguments, **more):
        done = self.check(*arguments, **more)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        return done.stderr

    # --- what is new

    def test_added_lines_are_new_and_others_are_not(self):
        first = self.commit(a=A)
        self.assertEqual(self.found("--since", "HEAD"), [])
        self.write("a.py", "# a line\n" + A + dangling("third", "other"))
        self.assertEqual(self.found("--since", "HEAD"), [("a.py", 14)])
        self.git("commit", "-qam", "two")
        self.assertEqual(self.found("--since", "HEAD"), [])
        self.assertEqual(self.found("--since", "HEAD~1"), [("a.py", 14)])
        self.assertEqual(self.found("--since", first[:10]), [("a.py", 14)])

    def test_files_that_git_does_not_have_are_new(self):
        self.commit(a=A)
        self.write(".gitignore", "out/\n")
        self.write("b.py", A)
        self.write("out/c.py", A)
        self.assertEqual(self.found("--since", "HEAD"), [("b.py", 5), ("b.py", 9)])
        self.assertEqual(len(self.found("--since", "HEAD", "out/c.py")), 2)
        self.git("add", "b.py")
        self.assertEqual(self.found("--since", "HEAD"), [("b.py", 5), ("b.py", 9)])

    def test_a_line_that_is_moved_or_indented_anew_is_old(self):
        self.commit(a=A)
        functions = A.split("\n\n\n")
        self.write("a.py", "\n\n\n".join([functions[0], functions[2], functions[1], ""]))
        self.assertEqual(self.found("--since", "HEAD"), [])
        inner = "".join("    " + line if line.strip() else line for line in dangling("start").splitlines(True))
        self.write("a.py", "import asyncio\n\n\nclass Starter:\n" + inner + dangling("again", "job"))
        self.assertEqual(self.found("--since", "HEAD"), [])

    def test_a_line_that_says_something_else_is_new(self):
        self.commit(a=A)
        self.write("a.py", A.replace("(work())", "(work(1))"))
        self.assertEqual(self.found("--since", "HEAD"), [("a.py", 5)])

    def test_a_finding_that_a_removed_line_brings_about_is_new(self):
        kept = "import asyncio\n\n\nasync def start(work):\n    task = asyncio.create_task(work())\n    await task\n"
        self.commit(a=kept)
        self.assertEqual(self.found(), [])
        self.write("a.py", kept.replace("    await task\n", ""))
        self.assertEqual(self.found("--since", "HEAD"), [("a.py", 5)])

    def test_a_suppression_that_is_taken_away(self):
        self.commit(a=A.replace("(work())", "(work())  # awry: ignore dangling-task"))
        self.write("a.py", A)
        self.assertEqual(self.found("--since", "HEAD"), [("a.py", 5)])

    def test_a_cause_in_another_file_is_new(self):
        self.commit(lib="def save():\n    return 1\n", use=CALLER, old=A)
        self.assertEqual(self.found("use.py"), [])
        self.write("lib.py", "async def save():\n    return 1\n")
        self.assertEqual(self.found("--since", "HEAD"), [("use.py", 5)])
        self.assertEqual(self.found("--since", "HEAD", "use.py"), [("use.py", 5)])

    def test_a_cause_in_another_file_that_is_staged(self):
        self.commit(lib="def save():\n    return 1\n", use=CALLER)
        self.write("lib.py", "async def save():\n    return 1\n")
        self.assertEqual(self.found("--staged"), [])
        self.git("add", "lib.py")
        self.write("lib.py", "def save():\n    return 1\n")
        self.assertEqual(self.found("--staged", "use.py"), [("use.py", 5)])

    def test_a_cause_that_the_story_names(self):
        lib = "import asyncio\n\n\nasync def line(reader):\n    return await asyncio.wait_for(reader.readline(), 5)\n"
        use = "from lib import line\n\n\nasync def main(reader):\n    try:\n        await line(reader)\n    except TimeoutError:\n        return\n"
        self.commit(lib=lib, use=use)
        old = ("--target-version", "py38")
        self.assertEqual(self.found(*old), [("use.py", 7)])
        self.assertEqual(self.found(*old, "--since", "HEAD"), [])
        # The note is about this line.
        self.write("lib.py", lib.replace("def line(reader)", "def line(reader, limit=None)"))
        self.assertEqual(self.found(*old, "--since", "HEAD"), [("use.py", 7)])
        # That it only stands elsewhere is no change.
        self.write("lib.py", "# a line\n\n" + lib)
        self.assertEqual(self.found(*old, "--since", "HEAD"), [])

    def test_a_cause_that_is_only_moved_is_old(self):
        lib = "async def save():\n    return 1\n"
        self.commit(lib=lib, use=CALLER)
        self.write("lib.py", "# a line\n\n" + lib)
        self.assertEqual(self.found("--since", "HEAD"), [])

    def test_a_renamed_file_is_compared_with_what_it_was(self):
        self.commit(a=A + "x = 1\n" * 20)
        self.git("mv", "a.py", "b.py")
        self.write("b.py", A + "x = 1\n" * 20 + dangling("third", "other"))
        self.assertEqual(self.found("--since", "HEAD"), [("b.py", 33)])

    def test_many_changed_lines(self):
        # More than the search for the smallest difference goes into.
        self.commit(a=A + "".join(f"x{i} = {i}\n" for i in range(3000)))
        self.write("a.py", "".join(f"y{i} = {i}\n" for i in range(3000)) + A + dangling("third", "other"))
        self.assertEqual(self.found("--since", "HEAD"), [("a.py", 3013)])

    def test_notebooks_are_compared_by_their_cells(self):
        def notebook(*cells, indent):
            rows = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": cell} for cell in cells]
            return json.dumps({"cells": rows, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=indent)

        head = "import asyncio\nasync def work():\n    pass\n"
        old = "async def old():\n    asyncio.create_task(work())\n"
        new = "async def new():\n    asyncio.create_task(work(2))\n"
        self.write("a.ipynb", notebook(head, old, indent=1))
        self.commit()
        self.write("a.ipynb", notebook(head, "x = 1\n", old, indent=2))
        self.assertEqual(self.found("--since", "HEAD"), [])
        self.write("a.ipynb", notebook(head, new, old, indent=2))
        done = self.check("--since", "HEAD", "--output-format", "concise")
        self.assertIn("a.ipynb:cell 2:2:5:", done.stdout)
        self.assertEqual(done.stdout.count("a.ipynb"), 1)

    def test_only_new_code_is_fixed(self):
        waits = "import asyncio\n\n\nasync def {}(r):\n    try:\n        await asyncio.wait_for(r.{}(), 5)\n    except TimeoutError:\n        return\n"
        old, new = waits.format("one", "read"), waits.format("two", "drain")[14:]
        self.commit(a=old)
        self.write("a.py", old + new)
        self.assertEqual(self.check("--since", "HEAD", "--target-version", "py38", "--fix").returncode, 0)
        fixed = (self.root / "a.py").read_text()
        self.assertTrue(fixed.startswith(old), fixed)
        self.assertIn("asyncio.TimeoutError", fixed[len(old) :])

    def test_standard_input_is_compared(self):
        self.commit(a=A)
        arguments = ("--since", "HEAD", "--stdin-filename", "a.py")
        self.assertEqual(self.found(*arguments, stdin=A), [])
        self.write("a.py", A + "\n")
        self.assertEqual(self.found(*arguments, stdin=A + dangling("third", "other")), [("a.py", 13)])

    def test_it_goes_with_a_baseline(self):
        self.commit(a=A)
        self.write("a.py", A + dangling("third", "other"))
        subprocess.run([AWRY, "baseline", "create"], cwd=self.root, check=True, capture_output=True, timeout=60)
        self.write("b.py", A)
        self.assertEqual(len(self.found("--since", "HEAD")), 3)
        done = self.check("--since", "HEAD", "--baseline", "awry-baseline.txt", "--output-format", "concise")
        self.assertEqual(done.stdout.count("b.py:"), 2)
        self.assertEqual(done.stdout.count("a.py:"), 0)

    def test_the_answer_depends_on_no_thread(self):
        for i in range(40):
            self.write(f"m{i}.py", A)
        self.commit()
        for i in range(0, 40, 3):
            self.write(f"m{i}.py", "x = 1\n" + dangling("new", "other") + A)
        first = self.found("--since", "HEAD", "--jobs", "1")
        self.assertEqual(len(first), 14)
        self.assertEqual(self.found("--since", "HEAD", "--jobs", "5"), first)

    # --- where git is asked

    def test_paths_of_any_spelling(self):
        names = ["a b.py", 'quo"te.py', "back\\slash.py", "ünï.py", ":(top)x.py", "tab\t.py", os.fsdecode(b"\xff.py")]
        for name in names:
            self.write(f"dir ä/{name}", A)
        self.commit()
        self.assertEqual(self.found("--since", "HEAD"), [])
        for name in names:
            self.write(f"dir ä/{name}", A + dangling("third", "other"))
        self.assertEqual(len(self.found("--since", "HEAD")), len(names))
        self.assertEqual(self.found("--since", "HEAD", f"dir ä/{names[0]}"), [(f"dir ä/{names[0]}", 13)])

    def test_from_a_folder_of_the_repository_or_outside(self):
        self.commit(src__a=A, b=A)
        for name in ("src/a.py", "b.py"):
            self.write(name, A + dangling("third", "other"))
        self.assertEqual(self.found("--since", "HEAD", cwd=self.root / "src"), [("a.py", 13)])
        self.assertEqual(self.found("--since", "HEAD", "../b.py", cwd=self.root / "src"), [("../b.py", 13)])
        self.assertEqual(len(self.found("--since", "HEAD", self.root, cwd="/")), 2)

    def test_files_that_are_no_python_by_name(self):
        self.write("script", A)
        self.commit()
        self.assertEqual(self.found("--since", "HEAD", "script"), [])
        self.write("script", A + dangling("third", "other"))
        self.assertEqual(self.found("--since", "HEAD", "script"), [("script", 13)])

    def test_settings_of_git_do_not_matter(self):
        self.commit(a=A)
        self.write("a.py", A + dangling("third", "other"))
        for key, value in (
            ("diff.noprefix", "true"),
            ("diff.mnemonicPrefix", "true"),
            ("color.ui", "always"),
            ("diff.external", "false"),
            ("diff.renames", "false"),
            ("diff.interHunkContext", "50"),
            ("core.quotePath", "true"),
            ("diff.relative", "true"),
        ):
            self.git("config", key, value)
        self.assertEqual(self.found("--since", "HEAD"), [("a.py", 13)])

    def test_submodules_have_a_history_of_their_own(self):
        other = self.base / "other"
        other.mkdir()
        self.git("init", "-q", "-b", "main", cwd=other)
        (other / "s.py").write_text(A)
        self.git("add", "-A", cwd=other)
        self.git("commit", "-qm", "x", cwd=other)
        self.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", other, "sub")
        self.commit(a=A)
        self.assertEqual(self.found("--since", "HEAD"), [])
        (self.root / "sub/s.py").write_text(A + dangling("third", "other"))
        self.write("a.py", A + dangling("third", "other"))
        self.assertEqual(self.found("--since", "HEAD"), [("a.py", 13)])
        self.assertEqual(self.found("--since", "HEAD", "sub"), [("sub/s.py", 13)])

    def test_another_work_tree(self):
        self.commit(a=A)
        self.git("worktree", "add", "-q", self.base / "tree")
        (self.base / "tree/a.py").write_text(A + dangling("third", "other"))
        self.assertEqual(self.found("--since", "main", cwd=self.base / "tree"), [("a.py", 13)])
        self.assertEqual(self.found("--since", "main"), [])

    def test_what_a_hook_is_told_of_git_is_of_another_folder(self):
        self.commit(a=A)
        self.write("a.py", A + dangling("third", "other"))
        env = {"GIT_DIR": str(self.base / "no"), "GIT_WORK_TREE": "/", "GIT_INDEX_FILE": str(self.base / "none")}
        self.assertEqual(self.found("--since", "HEAD", env=env), [("a.py", 13)])

    # --- branches

    def test_since_a_branch_was_left(self):
        self.commit(a=A)
        self.git("checkout", "-qb", "topic")
        self.commit(a=A + dangling("third", "other"))
        self.git("checkout", "-q", "main")
        self.commit(b=A)
        self.git("checkout", "-q", "topic")
        self.git("merge", "-q", "main")
        self.commit(c=A)
        self.assertEqual(self.found("--since-merge-base", "main"), [("a.py", 13), ("c.py", 5), ("c.py", 9)])

    def test_branches_that_have_nothing_in_common(self):
        self.commit(a=A)
        self.git("checkout", "-q", "--orphan", "alone")
        self.commit(b=A)
        self.assertIn(
            f'--since-merge-base: HEAD has no commit in common with "main" in the repository {self.root}\n',
            self.refusal("--since-merge-base", "main"),
        )

    # --- what cannot be told

    def test_there_is_no_such_revision(self):
        self.commit(a=A)
        for revision in ("nowhere", "--all", "HEAD:a.py", "HEAD~5", "a..b", ""):
            if revision:
                said = self.refusal(f"--since={revision}")
                self.assertIn(f'--since: there is no revision "{revision}" in the repository {self.root}\n', said)

    def test_the_clone_is_shallow(self):
        self.commit(a=A)
        self.commit(a=A + "x = 1\n")
        self.git("clone", "-q", "--depth", "1", f"file://{self.root}", self.base / "clone")
        said = self.refusal("--since", "HEAD~1", cwd=self.base / "clone")
        self.assertIn("the clone is shallow: fetch more of its history", said)
        self.assertEqual(self.found("--since", "HEAD", cwd=self.base / "clone"), [])

    def test_there_is_no_repository(self):
        plain = self.base / "plain"
        plain.mkdir()
        (plain / "a.py").write_text(A)
        self.assertIn(f"--since: there is no git repository in {plain}; git says:", self.refusal("--since", "HEAD", cwd=plain))
        self.assertIn(f"--staged: there is no git repository in {plain}", self.refusal("--staged", cwd=plain))

    def test_there_is_no_commit(self):
        self.write("a.py", A)
        self.assertIn('there is no revision "HEAD"', self.refusal("--since", "HEAD"))

    def test_there_is_no_git(self):
        self.commit(a=A)
        said = self.refusal("--since", "HEAD", env={"PATH": str(self.base)})
        self.assertIn("--since needs git, which cannot be started", said)

    def test_options_that_exclude_each_other(self):
        self.commit(a=A)
        self.assertIn("exclude each other", self.refusal("--since", "HEAD", "--staged"))
        self.assertIn("exclude each other", self.refusal("--since", "HEAD", "--since-merge-base", "main"))
        self.assertIn("--staged looks at the index", self.refusal("--staged", "--fix"))

    # --- what is staged

    def test_staged_contents_are_checked(self):
        self.commit(a=A, b=A, c=A)
        self.write("a.py", A + dangling("third", "other"))
        self.assertEqual(self.found("--staged"), [])
        self.git("add", "a.py")
        self.assertEqual(self.found("--staged"), [("a.py", 13)])
        # What the files hold now does not matter, nor what is not staged at all.
        self.write("a.py", A)
        self.write("b.py", dangling("first", "other") + A)
        self.write("d.py", A)
        self.assertEqual(self.found("--staged"), [("a.py", 13)])
        self.git("add", "d.py")
        self.assertEqual(self.found("--staged"), [("a.py", 13), ("d.py", 5), ("d.py", 9)])

    def test_before_the_first_commit(self):
        self.write("a.py", A)
        self.write("b.py", A)
        self.git("add", "a.py")
        self.assertEqual(self.found("--staged"), [("a.py", 5), ("a.py", 9)])

    def test_what_a_commit_of_some_files_is_about(self):
        """`git commit FILE` gives its hook an index of its own."""
        self.commit(a=A, b=A)
        for name in ("a.py", "b.py"):
            self.write(name, A + dangling("third", "other"))
        self.git("add", "-A")
        hook = self.root / ".git/hooks/pre-commit"
        report = self.base / "report"
        hook.write_text(f'#!/bin/sh\n"{AWRY}" check --staged --output-format concise > "{report}"\ntrue\n')
        hook.chmod(0o755)
        self.git("commit", "-qm", "one", "b.py")
        self.assertIn("b.py:13:5", report.read_text())
        self.assertNotIn("a.py", report.read_text())

    def test_a_hook_stops_a_commit(self):
        self.commit(a=A)
        hook = self.root / ".git/hooks/pre-commit"
        hook.write_text(f'#!/bin/sh\nexec "{AWRY}" check --staged\n')
        hook.chmod(0o755)
        self.write("a.py", A + "x = 1\n")
        self.git("commit", "-qam", "fine")
        self.write("a.py", A + dangling("third", "other"))
        with self.assertRaises(subprocess.CalledProcessError):
            self.git("commit", "-qam", "not fine")


if __name__ == "__main__":
    unittest.main()
