"""A long life: documents are opened, edited, saved and closed, files renamed, branches switched; in between the server
says what one says that has just been started. `LIFE_SEED` and `LIFE_EDITS` try others, or more."""
import os
import random
import subprocess
import unittest

from client import AWRY
from lsp_case import LspTest

SEED = int(os.environ.get("LIFE_SEED", "20261121"))
EDITS = int(os.environ.get("LIFE_EDITS", "1500"))
MODULES = 30
CAPABILITIES = {"general": {"positionEncodings": ["utf-32"]}, "textDocument": {"diagnostic": {}}}


def module_text(number, is_async, functions=4):
    """Whether a call in it needs an `await` is up to two other modules."""
    one, other = (number + 1) % MODULES, (number + 7) % MODULES
    parts = [f"import asyncio\nfrom m{one} import f{one}_0\nfrom m{other} import f{other}_1\n"]
    for i in range(functions):
        head, body = ("async def", "await db.write()") if is_async else ("def", "db.write()")
        parts.append(f"{head} f{number}_{i}(db):\n    {body}\n")
        swallows = "    try:\n        await asyncio.sleep(1)\n    except asyncio.CancelledError:\n        pass\n"
        parts.append(f"async def g{number}_{i}(db):\n    f{one}_0(db)\n{swallows}    f{other}_1(db)\n")
    return "\n\n".join(parts)


def place(text, offset):
    return {"line": text.count("\n", 0, offset), "character": offset - text.rfind("\n", 0, offset) - 1}


class LifeTest(LspTest):
    def setUp(self):
        super().setUp()
        self.random = random.Random(SEED)
        self.open = {}  # URI -> text, version
        self.write("pyproject.toml", "")
        self.branches = [
            {f"m{n}.py": module_text(n, True) for n in range(MODULES)},
            {f"m{n}.py": module_text(n, n % 2 == 0, 3) for n in range(MODULES - 4)} | {"more.py": module_text(3, True)},
        ]
        for branch in self.branches:  # so that there is something in the cache
            self.check_out(branch)
            subprocess.run([AWRY, "check", "."], cwd=self.root, capture_output=True)
        self.check_out(self.branches[0])
        self.living = self.started(CAPABILITIES)

    def files(self):
        return {path.name: path.read_text() for path in sorted(self.root.glob("*.py"))}

    def tell(self, before):
        """What a client that watches files says when these are no longer as they were."""
        now = self.files()
        gone = [{"uri": self.uri(name), "type": 3} for name in before if name not in now]
        made = [{"uri": self.uri(name), "type": 1} for name in now if name not in before]
        changed = [{"uri": self.uri(name), "type": 2} for name in now if before.get(name, now[name]) != now[name]]
        self.living.notify("workspace/didChangeWatchedFiles", {"changes": gone + made + changed})

    def check_out(self, branch):
        for name in self.files().keys() - branch.keys():
            (self.root / name).unlink()
        for name, text in branch.items():
            self.write(name, text)

    def switch(self):
        before = self.files()
        self.branches.reverse()
        self.check_out(self.branches[0])
        self.tell(before)

    def rename(self):
        before = self.files()
        name = self.random.choice(sorted(before))
        target = self.root / f"renamed_{self.random.randrange(5)}.py"
        if self.uri(name) not in self.open and not target.exists():
            (self.root / name).rename(target)
            self.tell(before)

    def open_one(self):
        name, text = self.random.choice(sorted(self.files().items()))
        if self.uri(name) not in self.open:
            self.open[self.uri(name)] = text, 1
            self.living.open(self.uri(name), text)

    def close_one(self):
        uri = self.random.choice(sorted(self.open))
        text, _ = self.open.pop(uri)
        if self.random.random() < 0.5:
            (self.root / uri.rsplit("/", 1)[1]).write_text(text)
            self.living.notify("textDocument/didSave", {"textDocument": {"uri": uri}})
        self.living.close_document(uri)

    def change_of(self, text):
        start = end = self.random.randrange(len(text) + 1)
        kind = self.random.choice(["remove", "type", "sync", "async", "all"])
        if kind == "remove":
            return start, min(len(text), start + self.random.randrange(1, 30)), ""
        if kind == "type":
            return start, end, self.random.choice(["x", "await ", "\n", "#", "é😀", '("'])
        if kind == "all" and self.random.random() < 0.3:
            whole = module_text(self.random.randrange(MODULES), self.random.random() < 0.5, self.random.randrange(1, 5))
            return 0, len(text), whole
        wanted, new = ("async def f", "def f") if kind == "sync" else ("def f", "async def f")
        at = text.find(wanted)
        return (at, at + len(wanted), new) if at >= 0 else (start, end, " ")

    def edit(self):
        uri = self.random.choice(sorted(self.open))
        text, version = self.open[uri]
        start, end, new = self.change_of(text)
        span = {"start": place(text, start), "end": place(text, end)}
        self.living.change(uri, version + 1, {"range": span, "text": new})
        self.open[uri] = text[:start] + new + text[end:], version + 1

    def findings(self, server):
        reports = server.result("workspace/diagnostic", {"previousResultIds": []})["items"]
        return {report["uri"]: report["items"] for report in reports if report["items"]}

    def fresh_findings(self):
        server = self.server("--no-cache")
        server.start(CAPABILITIES, folder=self.root)
        for uri, (text, version) in self.open.items():
            server.open(uri, text, version)
        findings = self.findings(server)
        server.kill()
        return findings

    def step(self):
        chance = self.random.random()
        if len(self.open) < 2 or chance < 0.03:
            self.open_one()
        elif chance < 0.06:
            self.close_one()
        elif chance < 0.07:
            self.rename()
        elif chance < 0.08:
            self.switch()
        elif chance < 0.2:
            self.living.pull(self.random.choice(sorted(self.open)))
        else:
            self.edit()

    def test_findings_are_those_of_a_server_that_was_just_started(self):
        for number in range(EDITS):
            self.step()
            if number % (EDITS // 12) == 0:
                self.assertEqual(self.findings(self.living), self.fresh_findings(), f"seed {SEED}, after {number} steps")
        self.assertEqual(self.living.exit(), 0)


if __name__ == "__main__":
    unittest.main()
