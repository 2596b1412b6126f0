"""What is found in a file does not depend on which files are named, how, in what order or by how many runs.

The project is made so that each way of telling less of it to a run would show: its files say things about each other
that only some of the others know.
"""
import json
import os
import subprocess
import unittest

from project import ProjectTest

FETCH = """import httpx


async def {name}(url):
    async with httpx.AsyncClient() as client:
        response = await client.get(url)
        return response.json()
"""
RUNNER = """import asyncio

from shop.job import Job


async def run_all(names):
    for name in names:
        running = asyncio.create_task(Job().run())
        try:
            await asyncio.wait_for(running, timeout=10)
        except asyncio.TimeoutError:
            print(name, "took too long")
"""
FAN_OUT = """import asyncio

from {module} import {name}


async def all_of(urls):
    async with asyncio.TaskGroup() as group:
        for url in urls:
            group.create_task({name}(url))
"""
FILES = {
    "pyproject.toml": '[project]\nname = "shop"\nrequires-python = ">=3.11"\n[tool.awry]\nexclude = ["generated"]\n',
    ".gitignore": ".tools\n*.cache\n",
    "shop/__init__.py": "",
    # One session for each item, which only a file without a word of async tells.
    "shop/client.py": FETCH.format(name="fetch"),
    "shop/tasks.py": "import asyncio\n\nrunning = set()\n\n\ndef spawn(work):\n    task = asyncio.ensure_future(work)\n"
    "    running.add(task)\n    task.add_done_callback(running.discard)\n",
    "shop/crawl.py": "from shop.client import fetch\nfrom shop.tasks import spawn\n\n\ndef crawl(urls):\n"
    "    for url in urls:\n        spawn(fetch(url))\n",
    # Two files put it under a timeout: the first one is named.
    "shop/job.py": "import asyncio\n\n\nclass Job:\n    async def run(self):\n        try:\n            await self.work()\n"
    '        except asyncio.CancelledError:\n            self.state = "stopped"\n\n    async def work(self):\n'
    "        await asyncio.sleep(60)\n",
    "shop/early/runner.py": RUNNER,
    "shop/late/runner.py": RUNNER,
    # Told by a file that is excluded, by a package of its own, and by what the project does not see.
    "shop/mirror.py": FETCH.format(name="mirror"),
    "generated/calls.py": FAN_OUT.format(module="shop.mirror", name="mirror"),
    "shop/mail.py": FETCH.format(name="mail"),
    "packages/letters/pyproject.toml": '[project]\nname = "letters"\n',
    "packages/letters/letters/send.py": FAN_OUT.format(module="shop.mail", name="mail"),
    "shop/once.py": FETCH.format(name="once"),
    ".tools/drafts.py": FAN_OUT.format(module="shop.once", name="once"),
    "bin/all": "#!/usr/bin/env python3\n" + FAN_OUT.format(module="shop.once", name="once"),
    # Forgotten where nobody but the module that hands it on has a word of async.
    "shop/store.py": "async def save():\n    await flush()\n\n\nasync def flush():\n    print('x')\n",
    "shop/facade.py": "from shop.store import *\n",
    "shop/app.py": "from shop.store import save\n\n\ndef main():\n    save()\n",
}


def cells(*sources):
    listed = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": source} for source in sources]
    return json.dumps({"cells": listed, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


class NamingTest(ProjectTest):
    has_git = False

    def setUp(self):
        super().setUp()
        self.root = self.root.resolve()
        for name, content in FILES.items():
            self.write(name, content)
        self.write("notes/all.ipynb", cells(FAN_OUT.format(module="shop.once", name="once"), "from shop.facade import flush\nflush()"))
        self.write("notes/more.ipynb", cells("from shop.store import flush\nasync def later():\n    await flush()", "later()"))
        if self.has_git:
            subprocess.run(["git", "init", "-q"], cwd=self.root, check=True)

    def findings(self, *arguments, cwd="", stdin=None):
        """By file: all that is said of it, with paths as they are from the project's folder."""
        where = self.root / cwd
        done = self.awry("check", "--output-format", "json", "--exit-zero", *arguments, cwd=where, stdin=stdin)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

        def seen(value):
            if isinstance(value, list):
                return [seen(item) for item in value]
            if not isinstance(value, dict):
                return value
            change = {key: seen(item) for key, item in value.items()}
            if change.get("path"):
                change["path"] = os.path.relpath(where / change["path"], self.root)
            return change

        found = {}
        for finding in seen(json.loads(done.stdout)["findings"]):
            found.setdefault(finding["path"], []).append(finding)
        return found

    def runs(self, groups, *arguments, **options):
        found = {}
        for group in groups:
            for path, findings in self.findings(*arguments, *group, **options).items():
                self.assertNotIn(path, found)
                found[path] = findings
        return found

    def everything(self):
        return self.findings("--no-cache", ".")

    def names(self):
        found = [path.relative_to(self.root).as_posix() for pattern in ("*.py", "*.ipynb") for path in self.root.rglob(pattern)]
        return sorted(name for name in found if not name.startswith((".tools", "generated")))

    def test_the_project_says_what_it_is_to_show(self):
        told = {path: [finding["name"] for finding in findings] for path, findings in self.everything().items()}
        self.assertEqual(
            told,
            {
                "notes/all.ipynb": ["unawaited-coroutine"],
                "notes/more.ipynb": ["unawaited-coroutine"],
                "shop/app.py": ["unawaited-coroutine"],
                "shop/client.py": ["session-per-item"],
                "shop/job.py": ["defeated-timeout"],
                "shop/mail.py": ["session-per-item"],
                "shop/mirror.py": ["session-per-item"],
            },
        )

    def test_one_run_for_each_file(self):
        self.assertEqual(self.runs([[name] for name in reversed(self.names())], "--no-cache"), self.everything())

    def test_several_runs(self):
        names = self.names()
        for count in (2, 3):
            groups = [names[i::count][::-1] for i in range(count)]
            self.assertEqual(self.runs(groups, "--no-cache"), self.everything())

    def test_one_run_for_each_folder(self):
        groups = [["shop/early"], ["shop/late"], ["notes", "packages/letters"], [n for n in self.names() if n.count("/") == 1 and n[0] == "s"]]
        self.assertEqual(self.runs(groups, "--no-cache"), self.everything())

    def test_forms_of_names(self):
        names, everything = self.names(), self.everything()
        absolute = [[str(self.root / name)] for name in names]
        self.assertEqual(self.runs(absolute, "--no-cache", cwd="/"), everything)
        for cwd in ("shop/late", "packages/letters", "bin"):
            relative = [[os.path.relpath(self.root / name, self.root / cwd)] for name in names]
            self.assertEqual(self.runs(relative, "--no-cache", cwd=cwd), everything)
            mixed = [[a[0] if i % 2 else b[0] for i, (a, b) in enumerate(zip(absolute, relative))]]
            self.assertEqual(self.runs(mixed, "--no-cache", cwd=cwd), everything)
            self.assertEqual(self.findings("--no-cache", str(self.root), cwd=cwd), everything)

    def test_threads(self):
        for count in (1, 2, 8):
            self.assertEqual(self.findings("--no-cache", "--jobs", count, "."), self.everything())

    def test_caches(self):
        each = [[name] for name in self.names()]
        for first, then in ((["."], each), (each, ["."])):
            folder = f"{len(first)}.cache"
            for groups in (first, then, first):
                groups = [groups] if groups == ["."] else groups
                self.assertEqual(self.runs(groups, "--cache-dir", self.root / folder), self.everything())

    def test_standard_input(self):
        everything = self.everything()
        for name in self.names():
            text = (self.root / name).read_text()
            found = self.findings("--no-cache", "--stdin-filename", name, "-", stdin=text)
            self.assertEqual(found.get(name, []), everything.get(name, []))

    # --- what is not of the project

    def test_what_is_not_of_the_project_tells_it_nothing(self):
        others = ["bin/all", ".tools/drafts.py", "notes/all.ipynb"]
        alone = self.runs([[name] for name in others], "--no-cache")
        self.assertEqual(self.findings("--no-cache", ".", *others), {**self.everything(), **alone})
        self.assertEqual(self.findings("--no-cache", *others, "shop/once.py"), alone)

    def test_it_knows_the_project_and_itself(self):
        self.write("bin/all", "from shop.facade import flush\nfrom shop.store import save\n\n\nasync def own():\n    await flush()\n\n\nflush()\nsave()\nown()\n")
        self.assertEqual([f["start"]["line"] for f in self.findings("--no-cache", "bin/all")["bin/all"]], [9, 10, 11])

    def test_links_to_folders_of_the_project(self):
        (self.root / "current").symlink_to("shop", target_is_directory=True)
        everything = self.everything()
        found = {**self.findings("--no-cache", "current"), **self.findings("--no-cache", "current/job.py", "shop")}
        self.assertEqual({os.path.basename(path) for path in found}, {"app.py", "client.py", "job.py", "mail.py", "mirror.py"})
        for path, findings in found.items():
            said = [finding["message"] for finding in everything["shop/" + os.path.basename(path)]]
            self.assertEqual([finding["message"] for finding in findings], said)
        text = (self.root / "shop/job.py").read_text()
        given = self.findings("--no-cache", "--stdin-filename", "current/job.py", "-", stdin=text)
        self.assertEqual(given, self.findings("--no-cache", "current/job.py"))

    def test_two_projects(self):
        for name, content in FILES.items():
            self.write(f"other/{name}", content)
        subprocess.run(["git", "init", "-q", "other"], cwd=self.root, check=True)
        own, other = ["shop", "notes", "packages"], ["other/shop", "other/packages/letters/letters/send.py"]
        apart = self.runs([own, other], "--no-cache")
        self.assertEqual(self.findings("--no-cache", *other, *own), apart)
        self.assertEqual([path for path in apart if path.startswith("other/")], ["other/" + path for path in apart if path.startswith("shop/")])


class NamingWithGitTest(NamingTest):
    has_git = True


if __name__ == "__main__":
    unittest.main()
