"""A folder and a server for each test, and what most tests begin with."""
import pathlib
import tempfile
import unittest

from client import Server, uri_of

# One finding: in line 5, from column 4 to 12, all from 0.
SAVE = """async def save(db):
    await db.write()


async def main(db):
    save(db)  # later
"""
FIXED = SAVE.replace("    save(db)", "    await save(db)")

# What one file tells of another: whether `save` must be awaited.
HELPER = "async def save(db):\n    await db.write()\n"
USER = "from helper import save\n\n\nasync def main(db):\n    save(db)\n"

PULLS = {"textDocument": {"diagnostic": {}}}


def span(start_line, start, end_line, end):
    return {"start": {"line": start_line, "character": start}, "end": {"line": end_line, "character": end}}


INSERT_AWAIT = {"range": span(5, 4, 5, 4), "text": "await "}


class LspTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name).resolve()

    def write(self, name, content=SAVE):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        return uri_of(path)

    def uri(self, name):
        return uri_of(self.root / name)

    def server(self, *arguments):
        server = Server(*arguments, folder=self.root)
        self.addCleanup(server.kill)
        return server

    def started(self, capabilities=None, **more):
        server = self.server()
        server.start(capabilities, folder=self.root, **more)
        return server

    def assert_error(self, answer, code, *words):
        self.assertEqual(answer.get("error", {}).get("code"), code, answer)
        for word in words:
            self.assertIn(word, answer["error"]["message"])

    def assert_serves(self, server):
        """It still finds what there is to find."""
        uri = self.uri("serves.py")
        server.open(uri, SAVE)
        self.assertEqual([item["code"] for item in server.pull(uri)["items"]], ["AWR301"])
        server.close_document(uri)
