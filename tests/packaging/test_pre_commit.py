"""The hooks under the real pre-commit: the mirror repository, filled and tagged by its own script, installed from a local git
repository into an environment that pre-commit makes, and run without a network.

The environment names the folder with the wheel (AWRY_PACKAGES) and a program for the hook that installs none (AWRY).
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "packaging"), str(Path(__file__).parent)]
import tools  # noqa: E402
from commands import call, without_network  # noqa: E402

PACKAGES = Path(os.environ["AWRY_PACKAGES"]).resolve()
AWRY = Path(os.environ["AWRY"]).resolve()
MIRROR = ROOT / "packaging/pre-commit-mirror"
(VERSION,) = (re.match(r"awry-([^-]+)-", wheel.name).group(1) for wheel in PACKAGES.glob("*.whl"))

FILES = 4200
QUIET = "import asyncio\n\n\nasync def wait():\n    await asyncio.sleep(1)\n"

# What the call means is said in another file, which mostly comes to another process.
HELPER = "async def store(value):\n    print(value)\n"
CALLER = "from helpers.{helper} import store\n\n\nasync def main():\n    store(1)\n"

# On the Pythons below 3.11 this handler never runs; its fix is safe.
FIXABLE = """import asyncio


async def read_line(reader):
    try:
        return await asyncio.wait_for(reader.readline(), 5)
    except TimeoutError:
        return b""
"""
FIXED = FIXABLE.replace("except TimeoutError:", "except (TimeoutError, asyncio.TimeoutError):")
UNFIXABLE = CALLER.format(helper="none").replace("from helpers.none import store\n", HELPER)


class Repository:
    """A git repository of a user."""

    def __init__(self, root, environment):
        self.root = root
        self.environment = environment
        root.mkdir(parents=True)
        self.git("init", "--quiet", "--initial-branch", "main")

    def call(self, *command):
        return call(*command, cwd=self.root, env=self.environment)

    def git(self, *arguments):
        done = self.call("git", *arguments)
        if done.returncode != 0:
            raise AssertionError(done.stdout)
        return done.stdout

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def commit(self):
        self.git("add", "--all")
        self.git("commit", "--quiet", "--no-verify", "--message", "state")

    def configure(self, mirror, hook, *arguments):
        self.write(
            ".pre-commit-config.yaml",
            f"repos:\n- repo: {mirror}\n  rev: v{VERSION}\n  hooks:\n  - id: {hook}\n    args: {list(arguments)}\n",
        )
        self.write("awry.toml", 'target-version = "py39"\nexclude = ["vendored/**"]\n')

    def pre_commit(self, *arguments):
        return self.call(*without_network([tools.program("pre-commit"), "run", "--all-files", "--color", "never", *arguments]))


class PreCommitTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        links = [os.environ.get("PIP_FIND_LINKS", ""), str(PACKAGES)]
        cls.environment = {
            **os.environ,
            "HOME": str(cls.folder),
            "PIP_FIND_LINKS": " ".join(filter(None, links)),
            "PRE_COMMIT_HOME": str(cls.folder / "pre-commit"),
            **{f"GIT_{who}_NAME": "A" for who in ("AUTHOR", "COMMITTER")},
            **{f"GIT_{who}_EMAIL": "a@example.org" for who in ("AUTHOR", "COMMITTER")},
        }
        cls.mirror = Repository(cls.folder / "mirror", cls.environment)
        shutil.copytree(MIRROR, cls.mirror.root, dirs_exist_ok=True)
        cls.mirror.commit()
        cls.updated = cls.mirror.call(tools.python(), "update.py")
        first = cls.user("first", "awry")
        done = first.call(tools.program("pre-commit"), "install-hooks")
        if done.returncode != 0:
            raise AssertionError(done.stdout)

    @classmethod
    def user(cls, name, hook, *arguments):
        repository = Repository(cls.folder / "users" / name, cls.environment)
        repository.configure(cls.mirror.root, hook, *arguments)
        repository.commit()
        return repository

    def test_the_mirror_takes_the_newest_version_once(self):
        self.assertEqual(self.updated.stdout, f"v{VERSION}\n")
        self.assertIn(f"awry=={VERSION}", (self.mirror.root / "pyproject.toml").read_text())
        again = self.mirror.call(tools.python(), "update.py")
        self.assertEqual((again.returncode, again.stdout), (0, ""))
        self.assertEqual(self.mirror.git("status", "--short"), "")

    def test_the_mirror_takes_a_version_by_name(self):
        other = Repository(self.folder / "other", self.environment)
        shutil.copytree(MIRROR, other.root, dirs_exist_ok=True)
        other.commit()
        done = other.call(tools.python(), "update.py", "7.8.9rc1")
        self.assertEqual((done.returncode, done.stdout), (0, "v7.8.9rc1\n"))
        self.assertIn('"awry==7.8.9rc1"', other.git("show", "v7.8.9rc1:pyproject.toml"))
        self.assertIn("rev: v7.8.9rc1\n", other.git("show", "v7.8.9rc1:README.md"))
        self.assertEqual(other.git("log", "-1", "--format=%s"), "awry 7.8.9rc1\n")
        wrong = other.call(tools.python(), "update.py", "seven")
        self.assertEqual((wrong.returncode, wrong.stdout), (1, "seven is not a version\n"))

    def test_thousands_of_files_in_several_processes_are_one_project(self):
        user = self.user("many", "awry", "--output-format", "concise")
        for i in range(FILES):
            user.write(f"packages/service_{i % 70:02}/component_number_{i:04}.py", QUIET)
        for i in range(40):
            user.write(f"helpers/helper_{i}.py", HELPER)
            user.write(f"packages/service_{i:02}/caller.py", CALLER.format(helper=f"helper_{i}"))
            user.write(f"vendored/package/caller_{i}.py", CALLER.format(helper=f"helper_{i}"))
        user.write("helpers/script", "#!/usr/bin/env python3\n" + UNFIXABLE)
        (user.root / "helpers/script").chmod(0o755)
        user.commit()
        hook = user.pre_commit()
        self.assertEqual(hook.returncode, 1, hook.stdout)
        self.assertIn("exit code: 1", hook.stdout)
        summaries = re.findall(r"^(?:Found|Nothing found).* (\d+) files?\.", hook.stdout, re.MULTILINE)
        self.assertGreater(len(summaries), 1, hook.stdout)
        at_once = user.call(AWRY, "check", "--output-format", "concise", ".", "helpers/script")
        found = re.compile(r"^\S+:\d+:\d+: .*", re.MULTILINE)
        self.assertEqual(sorted(found.findall(hook.stdout)), sorted(found.findall(at_once.stdout)))
        self.assertEqual(len(found.findall(hook.stdout)), 41)

    def test_what_is_clean_passes_and_says_nothing(self):
        user = self.user("clean", "awry")
        user.write("a.py", QUIET)
        user.write("vendored/b.py", UNFIXABLE)
        user.commit()
        hook = user.pre_commit()
        self.assertEqual(hook.returncode, 0, hook.stdout)
        self.assertRegex(hook.stdout, r"\Aawry\.+Passed\n\Z")

    def test_fixes_fail_once_and_pass_then(self):
        user = self.user("fixes", "awry-fix")
        user.write("a.py", FIXABLE)
        user.commit()
        hook = user.pre_commit()
        self.assertEqual(hook.returncode, 1, hook.stdout)
        self.assertIn("files were modified by this hook", hook.stdout)
        self.assertEqual((user.root / "a.py").read_text(), FIXED)
        self.assertEqual(user.pre_commit().returncode, 0)
        user.write("b.py", UNFIXABLE)
        user.commit()
        self.assertIn("b.py:", user.pre_commit().stdout)
        self.assertEqual((user.root / "b.py").read_text(), UNFIXABLE)

    def test_a_commit_is_refused_until_it_is_clean(self):
        user = self.user("commits", "awry")
        user.call(tools.program("pre-commit"), "install")
        user.write("a.py", UNFIXABLE)
        user.git("add", "a.py")
        refused = user.call(*without_network(["git", "commit", "--message", "a"]))
        self.assertEqual(refused.returncode, 1, refused.stdout)
        self.assertIn("a.py:", refused.stdout)
        user.write("a.py", UNFIXABLE.replace("    store(1)", "    await store(1)"))
        user.git("add", "a.py")
        taken = user.call(*without_network(["git", "commit", "--message", "a"]))
        self.assertEqual(taken.returncode, 0, taken.stdout)

    def test_bad_settings_are_no_finding(self):
        user = self.user("settings", "awry")
        user.write("awry.toml", 'select = ["no-such-rule"]\n')
        user.write("a.py", QUIET)
        user.commit()
        hook = user.pre_commit()
        self.assertEqual(hook.returncode, 1)
        self.assertIn("exit code: 2", hook.stdout)
        self.assertIn("awry.toml:1", hook.stdout)

    def test_the_awry_of_the_path_serves_as_well(self):
        user = self.user("system", "awry-system")
        user.environment = {**self.environment, "PATH": f"{AWRY.parent}:{os.environ['PATH']}"}
        user.write("a.py", UNFIXABLE)
        user.commit()
        hook = user.pre_commit()
        self.assertEqual(hook.returncode, 1, hook.stdout)
        self.assertIn("a.py:", hook.stdout)

    def test_the_project_itself_has_the_same_hooks(self):
        """For those who want to have it compiled; the comment above them is another one."""
        ours, mirrored = (
            (folder / ".pre-commit-hooks.yaml").read_text().split("\n- id:", 1)[1] for folder in (ROOT, MIRROR)
        )
        self.assertEqual(ours, mirrored)
        for folder in (ROOT, MIRROR):
            done = subprocess.run(
                [tools.program("pre-commit"), "validate-manifest", str(folder / ".pre-commit-hooks.yaml")],
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
            )
            self.assertEqual(done.returncode, 0, done.stdout)


if __name__ == "__main__":
    unittest.main()
