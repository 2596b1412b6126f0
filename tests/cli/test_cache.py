"""What is kept from run to run: it changes nothing but the time, whatever happens to it."""
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

from project import AWRY, ProjectTest

FIXTURES = pathlib.Path(__file__).resolve().parents[2] / "fixtures"
FORMATS = ["text", "concise", "json"]
CACHE = ".awry_cache"

os.environ.pop("AWRY_CACHE_DIR", None)

# Files whose findings hang together: an edit of one changes those of others.
LINKED = {
    "app/__init__.py": "from app.work import start, save\n",
    "app/work.py": (
        "import asyncio\n\n\nasync def save(item):\n    await asyncio.sleep(1)\n    return item\n\n\n"
        "def start(item):\n    return asyncio.create_task(save(item))\n"
    ),
    "app/use.py": (
        "import asyncio\n\nfrom app import save, start\n\n\nasync def main(items):\n    save(1)\n"
        "    start(2)\n    await asyncio.gather(*(save(x) for x in items), return_exceptions=True)\n"
    ),
    "app/sync.py": "from app.work import save\n\n\ndef run():\n    save(3)\n",
    "app/base.py": (
        "class Base:\n    async def close(self):\n        pass\n\n    async def work(self):\n        await self.close()\n"
    ),
    "app/derived.py": (
        "from app.base import Base\n\n\nclass Derived(Base):\n    async def go(self):\n        self.close()\n"
        "        self.work()\n"
    ),
    "app/deadline.py": (
        "import asyncio\n\nfrom app.work import save\nfrom app.slow import poll\n\n\nasync def main():\n"
        "    await asyncio.wait_for(poll(), 5)\n"
    ),
    "app/slow.py": (
        "import asyncio\n\n\nasync def poll():\n    while True:\n        try:\n            await asyncio.sleep(1)\n"
        "        except asyncio.CancelledError:\n            continue\n"
    ),
    "scripts/tool.py": "import asyncio\n\nfrom app.use import main\n\nmain([])\nasyncio.run(main([1]))\n",
}

# What another file says, before and after; the findings of the first file follow from it.
ELSEWHERE = {
    "a function becomes a coroutine function": (
        {"app/a.py": "import asyncio\nfrom app.b import save\n\n\nasync def main():\n    save()\n    await asyncio.sleep(1)\n"},
        ("app/b.py", "def save(): return 1\n", "async def save(): return 1\n"),
    ),
    "a file without a word of async calls one": (
        {"app/a.py": "from app.b import save\n\n\ndef main():\n    save()\n"},
        ("app/b.py", "def save(): return 1\n", "async def save(): return 1\n"),
    ),
    "a name is handed on from elsewhere": (
        {
            "app/a.py": "from app import save\n\n\nasync def main():\n    save()\n",
            "app/b.py": "async def save(): return 1\n",
            "app/c.py": "def save(): return 1\n",
        },
        ("app/__init__.py", "from app.b import save\n", "from app.c import save\n"),
    ),
    "a method of a base class": (
        {"app/a.py": "from app.b import Base\n\n\nclass Here(Base):\n    async def go(self):\n        self.close()\n"},
        ("app/b.py", "class Base:\n    async def close(self): return 1\n", "class Base:\n    def close(self): return 1\n"),
    ),
    "a subclass overrides a method": (
        {"app/a.py": "class Base:\n    async def close(self): return 1\n    async def go(self):\n        self.close()\n"},
        (
            "app/b.py",
            "from app.a import Base\n\n\nclass Other(Base):\n    async def stop(self): return 1\n",
            "from app.a import Base\n\n\nclass Other(Base):\n    def close(self): return 1\n",
        ),
    ),
    "an instance of a module": (
        {"app/a.py": "from app.b import store\n\n\nasync def main():\n    store.save()\n"},
        (
            "app/b.py",
            "class Store:\n    async def save(self): return 1\n\n\nstore = Store()\n",
            "class Store:\n    def save(self): return 1\n\n\nstore = Store()\n",
        ),
    ),
    "the line of a timeout that a note names": (
        {"app/a.py": (FIXTURES / "defeated-timeout/across_files/jobs.py").read_text()},
        ("app/b.py", *(
            space + "import asyncio\nfrom app.a import Job\n\n\nasync def main():\n    job = Job()\n"
            "    running = asyncio.create_task(job.run())\n    await asyncio.wait_for(running, timeout=10)\n"
            for space in ("", "\n\n")
        )),
    ),
    "what Python the project needs": (
        {
            "app/a.py": "import asyncio\n\n\nasync def read(r):\n    try:\n        return await asyncio.wait_for(r.read(), 5)\n"
            "    except TimeoutError:\n        return b''\n"
        },
        ("app/b.py", "import asyncio\n", "from asyncio import TaskGroup\n"),
    ),
    "a package of the project hides a library": (
        {"app/a.py": "import aiohttp\n\n\nasync def main():\n    aiohttp.ClientSession().close()\n"},
        ("aiohttp/__init__.py", None, "VERSION = 1\n"),
    ),
}

SETTINGS = [
    "",
    'select = ["ALL"]\n',
    'ignore = ["AWR3"]\n',
    'target-version = "py312"\n',
    'select = ["ALL"]\n[per-file-ignores]\n"app/**" = ["AWR1"]\n',
    '[severity]\nALL = "info"\n',
    '[vocabulary]\ntask-makers = ["app.work.start"]\nlog-like = ["*.log"]\n',
]


class CacheTest(ProjectTest):
    def setUp(self):
        super().setUp()
        subprocess.run(["git", "init", "-q", str(self.root)], check=True, timeout=60)
        for name, text in LINKED.items():
            self.write(name, text)

    def add_fixtures(self, seed, count):
        files = sorted(path for path in FIXTURES.glob("*/*") if path.suffix in (".py", ".ipynb"))
        for path in random.Random(seed).sample(files, count):
            self.write(f"pkg/{path.parent.name.replace('-', '_')}/{path.name}", path.read_bytes())

    def outcome(self, *arguments, environment=None):
        done = self.awry("check", *arguments, environment=environment)
        return done.returncode, done.stdout, done.stderr

    def assert_same(self, *arguments, note=""):
        self.assertEqual(self.outcome(*arguments), self.outcome("--no-cache", *arguments), note)

    def caches(self, folder=CACHE):
        return sorted((self.root / folder).glob("*.cache"))

    def cache(self):
        (path,) = self.caches()
        return path

    # --- what changes

    def change(self, choice):
        """One edit of the project, as somebody might make it."""
        files = sorted(path for path in self.root.rglob("*.py") if CACHE not in path.parts)
        path = choice.choice(files)
        text = path.read_text()
        lines = text.splitlines(keepends=True)
        at = choice.randrange(len(lines) + 1)
        kind = choice.randrange(10)
        if kind == 0:
            lines[at:at] = ["\n"] * choice.randint(1, 3)
        elif kind == 1:
            del lines[at : at + 1]
        elif kind == 2:
            lines.append(f"\n\nasync def added_{at}(x):\n    save(x)\n    await x\n")
        elif kind == 3:
            lines = [text.replace("async def", "def", 1) if "async def" in text else "async def f(): f()\n"]
        elif kind == 4:
            lines = [text.replace("save", "store")]
        elif kind == 5:
            lines[at:at] = ["    await asyncio.sleep(0)\n"]
        elif kind == 6:
            path.rename(path.with_name(f"moved_{at}_{path.name}"))
            return f"moved {path}"
        elif kind == 7:
            shutil.copy(path, path.with_name(f"copy_{at}_{path.name}"))
            return f"copied {path}"
        elif kind == 8:
            name = choice.choice(["aiohttp/__init__.py", "httpx.py", "tests/test_a.py", "top.py"])
            self.write(name, choice.choice(files).read_bytes())
            return f"added {name}"
        else:
            settings = choice.choice(SETTINGS)
            self.write("awry.toml", settings)
            return f"settings {settings}"
        path.write_text("".join(lines))
        return f"edit {kind} of {path} at {at}"

    def test_whatever_changes_the_findings_are_those_of_a_run_without(self):
        choice = random.Random(20261)
        self.add_fixtures(1, 40)
        notes = []
        for step in range(60):
            arguments = ["--output-format", FORMATS[step % len(FORMATS)]]
            names = sorted(str(path.relative_to(self.root)) for path in self.root.rglob("*.py"))
            if step % 3 == 1:
                arguments += choice.sample(names, min(5, len(names)))
            if step % 10 == 9:
                arguments += ["--diff", "--unsafe-fixes"]
            self.assert_same(*arguments, note="\n".join(notes))
            notes.append(self.change(choice))

    def test_an_edit_elsewhere_changes_what_is_found_here(self):
        for what, (files, (path, before, after)) in ELSEWHERE.items():
            with self.subTest(what), tempfile.TemporaryDirectory() as folder:
                mine, self.root = self.root, pathlib.Path(folder)
                try:
                    subprocess.run(["git", "init", "-q", folder], check=True, timeout=60)
                    self.write("app/__init__.py", "")
                    for name, text in files.items():
                        self.write(name, text)
                    if before is not None:
                        self.write(path, before)
                    first = self.outcome()
                    self.write(path, after)
                    expected = self.outcome("--no-cache")
                    self.assertNotEqual(first, expected)
                    self.assertEqual(self.outcome(), expected)
                finally:
                    self.root = mine

    def test_another_working_folder_shows_other_paths(self):
        self.write("app/alone.py", "import asyncio\n\nasyncio.create_task(asyncio.sleep(1))\n")
        self.outcome()
        mine, self.root = self.root, self.root / "app"
        try:
            self.assert_same()
            self.assert_same("use.py", "../scripts/tool.py")
        finally:
            self.root = mine

    def test_every_setting_counts(self):
        self.add_fixtures(9, 40)
        seen = set()
        for settings in SETTINGS:
            self.write("awry.toml", settings)
            self.assert_same(note=settings)
            seen.add(self.outcome("--output-format", "json"))
        self.assertGreater(len(seen), 4)

    def test_fixes_are_made_as_without(self):
        self.add_fixtures(2, 40)
        other = pathlib.Path(tempfile.mkdtemp(dir=self.root.parent)) / self.root.name
        self.addCleanup(shutil.rmtree, other.parent)
        shutil.copytree(self.root, other)
        self.outcome()
        with_cache = self.outcome("--fix", "--unsafe-fixes")
        first, self.root = self.root, other
        self.assertEqual(with_cache, self.outcome("--no-cache", "--fix", "--unsafe-fixes"))
        self.root = first
        for path in first.rglob("*.py"):
            self.assertEqual(path.read_bytes(), (other / path.relative_to(first)).read_bytes(), path)
        self.assert_same()

    # --- what is found again

    def test_a_second_run_finds_everything(self):
        self.add_fixtures(3, 40)
        first = self.outcome()
        before = self.cache().read_bytes()
        self.assertEqual(first, self.outcome())
        self.assertEqual(before, self.cache().read_bytes())

    def test_another_folder_finds_everything(self):
        self.add_fixtures(3, 40)
        first = self.outcome()
        before = self.cache().read_bytes()
        # The name of the folder is that of the project: the same on every machine.
        other = pathlib.Path(tempfile.mkdtemp()) / self.root.name
        self.addCleanup(shutil.rmtree, other.parent)
        shutil.copytree(self.root, other)
        for path in other.rglob("*.py"):
            os.utime(path, (1, 1))
        self.root, mine = other, self.root
        try:
            self.assertEqual(first, self.outcome())
            self.assertEqual(before, self.cache().read_bytes())
        finally:
            self.root = mine

    def test_nothing_in_it_says_where_the_project_lies(self):
        self.outcome()
        self.assertNotIn(str(self.root).encode(), self.cache().read_bytes())

    # --- accidents

    def run_for(self, seconds):
        """Starts a run and kills it."""
        process = subprocess.Popen(
            [AWRY, "check"], cwd=self.root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()

    def test_runs_that_are_killed_do_no_harm(self):
        choice = random.Random(7)
        self.add_fixtures(4, 40)
        start = time.monotonic()
        self.outcome()
        whole = time.monotonic() - start
        for step in range(40):
            self.change(choice)
            self.run_for(choice.uniform(0, whole * 1.2))
            if step % 8 == 7:
                self.assert_same(note=step)
        self.assert_same()

    def test_runs_at_the_same_time_do_no_harm(self):
        self.add_fixtures(5, 40)
        expected = self.outcome("--no-cache")
        choice = random.Random(3)
        names = [str(path.relative_to(self.root)) for path in sorted(self.root.rglob("*.py"))]
        for _ in range(4):
            shutil.rmtree(self.root / CACHE, ignore_errors=True)
            subsets = [[], [], choice.sample(names, 10), choice.sample(names, 10)]
            runs = [
                subprocess.Popen([AWRY, "check", *some], cwd=self.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                for some in subsets
            ]
            outcomes = [run.communicate(timeout=300) for run in runs]
            for run, outcome, some in zip(runs, outcomes, subsets):
                got = run.returncode, outcome[0].decode(), outcome[1].decode()
                self.assertEqual(got, expected if not some else self.outcome("--no-cache", *some))
            self.assertEqual(self.outcome(), expected)
            self.assertEqual([path.name for path in (self.root / CACHE).glob(".awry-*")], [])

    def test_damage_is_not_noticed(self):
        self.add_fixtures(6, 10)
        expected = self.outcome()
        whole = self.cache().read_bytes()
        choice = random.Random(11)
        for step in range(60):
            damaged = bytearray(whole)
            kind = step % 4
            if kind == 0:
                damaged[choice.randrange(len(damaged))] ^= 1 << choice.randrange(8)
            elif kind == 1:
                del damaged[choice.randrange(len(damaged)) :]
            elif kind == 2:
                a, b = sorted(choice.sample(range(len(damaged)), 2))
                damaged[a:b] = reversed(damaged[a:b])
            else:
                damaged += bytes(choice.randrange(1, 100))
            self.cache().write_bytes(damaged)
            self.assertEqual(self.outcome(), expected, f"step {step}")
            # And is mended.
            self.assertEqual(self.cache().read_bytes(), whole, f"step {step}")

    def test_that_of_another_project_or_build_is_no_help_and_no_harm(self):
        expected = self.outcome()
        own = self.cache().read_bytes()
        self.write("app/work.py", "def save(item): pass\n\n\nstart = save\n")
        self.assert_same()
        other = self.cache().read_bytes()
        for name, text in LINKED.items():
            self.write(name, text)
        self.cache().write_bytes(other)
        self.assertEqual(self.outcome(), expected)
        changed = bytearray(own)
        changed[8:24] = bytes(16)
        self.cache().write_bytes(changed)
        self.assertEqual(self.outcome(), expected)

    def test_something_else_in_its_place_is_left_alone(self):
        expected = self.outcome("--no-cache")
        self.write(CACHE, "not a folder\n")
        self.assertEqual(self.outcome(), expected)
        self.assertEqual((self.root / CACHE).read_text(), "not a folder\n")
        (self.root / CACHE).unlink()
        self.outcome()
        path = self.cache()
        path.unlink()
        path.mkdir()
        self.assertEqual(self.outcome(), expected)
        self.assertTrue(path.is_dir())

    @unittest.skipIf(os.geteuid() == 0, "root writes everywhere")
    def test_a_folder_that_cannot_be_written(self):
        expected = self.outcome("--no-cache")
        self.root.chmod(0o555)
        try:
            self.assertEqual(self.outcome(), expected)
        finally:
            self.root.chmod(0o755)
        self.assertFalse((self.root / CACHE).exists())

    def test_a_full_disk_if_one_can_be_mounted(self):
        disk = self.root / "disk"
        disk.mkdir()
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(disk)], capture_output=True, timeout=60
        )
        if mounted.returncode != 0:
            self.skipTest("no file system may be mounted here")
        try:
            self.add_fixtures(8, 40)
            expected = self.outcome("--no-cache")
            for _ in range(2):
                self.assertEqual(self.outcome("--cache-dir", "disk/cache"), expected)
            self.assertEqual([path.name for path in disk.rglob(".awry-*")], [])
        finally:
            subprocess.run(["umount", str(disk)], check=True, timeout=60)

    # --- where it lies

    def test_the_folder_says_what_it_is(self):
        self.outcome()
        tag = (self.root / CACHE / "CACHEDIR.TAG").read_text()
        self.assertTrue(tag.startswith("Signature: 8a477f597d28d172789f06886806bc55\n"))
        status = subprocess.run(
            ["git", "status", "--porcelain", "--untracked-files=all"],
            cwd=self.root, capture_output=True, text=True, check=True, timeout=60,
        )
        self.assertNotIn(CACHE, status.stdout)

    def test_options_variable_and_settings_say_where(self):
        self.outcome("--no-cache")
        self.assertFalse((self.root / CACHE).exists())
        self.write("awry.toml", 'cache-dir = "told"\n')
        self.outcome()
        self.outcome(environment={"AWRY_CACHE_DIR": "variable"})
        self.outcome("--cache-dir", "option", environment={"AWRY_CACHE_DIR": "unused"})
        places = {path.parent.name for path in self.root.rglob("*.cache")}
        self.assertEqual(places, {"told", "variable", "option"})

    def test_a_folder_that_was_there_before_is_not_taken_over(self):
        self.outcome("--cache-dir", ".")
        self.assertEqual(len(self.caches(".")), 1)
        self.assertFalse((self.root / ".gitignore").exists())
        self.assertFalse((self.root / "CACHEDIR.TAG").exists())
        self.assertEqual(self.awry("cache", "clean", "--cache-dir", ".").returncode, 0)
        self.assertEqual(self.caches("."), [])
        self.assertTrue((self.root / "app/work.py").exists())

    def test_a_script_outside_of_projects_leaves_nothing_behind(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "script.py"
            path.write_text(LINKED["app/work.py"])
            subprocess.run([AWRY, "check", "script.py"], cwd=folder, capture_output=True, check=False, timeout=120)
            self.assertEqual(sorted(os.listdir(folder)), ["script.py"])

    def test_standard_input_is_not_kept(self):
        self.outcome()
        before = self.cache().read_bytes()
        done = self.awry("check", "--stdin-filename", "app/use.py", stdin="import asyncio\n\nasync def f(): f()\n")
        self.assertIn("app/use.py", done.stdout)
        self.assertEqual(before, self.cache().read_bytes())

    # --- awry cache

    def test_show_clean_and_prune(self):
        self.outcome()
        self.assertIn("1 file, ", self.awry("cache", "show").stdout)
        self.assertIn("removed 0 files", self.awry("cache", "prune").stdout)
        os.utime(self.cache(), (1_000_000_000, 1_000_000_000))
        self.write(f"{CACHE}/mine.txt", "mine\n")
        self.assertIn("removed 1 file,", self.awry("cache", "prune", "--days", "30").stdout)
        self.assertEqual(self.caches(), [])
        self.outcome()
        self.assertIn("removed 1 file,", self.awry("cache", "clean").stdout)
        self.assertEqual((self.root / CACHE / "mine.txt").read_text(), "mine\n")
        (self.root / CACHE / "mine.txt").unlink()
        self.awry("cache", "clean")
        self.assertFalse((self.root / CACHE).exists())

    def test_what_is_old_goes_by_itself(self):
        self.outcome()
        old = self.cache().with_name("other-0123456789abcdef.cache")
        shutil.copy(self.cache(), old)
        left = self.write(f"{CACHE}/.awry-123-0", "half")
        mine = self.write(f"{CACHE}/mine.cache", "not awry's")
        for path in (old, left, mine):
            os.utime(path, (1_000_000_000, 1_000_000_000))
        self.write("app/new.py", "async def f(): pass\n")
        self.outcome()
        self.assertEqual((old.exists(), left.exists(), mine.exists()), (False, False, True))


if __name__ == "__main__":
    unittest.main(argv=sys.argv)
