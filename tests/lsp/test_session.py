#!/usr/bin/env python3
"""A session of edits: whatever was typed, broken, mended and undone, the server says what a fresh run says."""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "bench"))

import client  # noqa: E402
import session  # noqa: E402

PULLS = {"textDocument": {"diagnostic": {"dynamicRegistration": False}}}

# Every editor shows that by itself, so the server does not.
SYNTAX_ERROR = "AWR003"


def checked(folder, path):
    command = [client.AWRY, "check", "--output-format", "json", str(path.relative_to(folder))]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    findings = json.loads(run.stdout)["findings"]
    places = ((f["code"], f["start"]["line"], f["start"]["column"]) for f in findings)
    return sorted(place for place in places if place[0] != SYNTAX_ERROR)


def served(diagnostics):
    """The same of what the server said; all of the text is ASCII."""
    starts = ((d["code"], d["range"]["start"]) for d in diagnostics)
    return sorted((code, start["line"] + 1, start["character"] + 1) for code, start in starts)


class SessionTest(unittest.TestCase):
    def replay(self, seed, edits, every, lines=400):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name).resolve()
            for file, text in session.project_texts(3, 100, seed).items():
                (folder / file).parent.mkdir(exist_ok=True)
                (folder / file).write_text(text)
            path = folder / "services" / "edited.py"
            text = session.module_text("edited", lines, seed)
            path.write_text(text)
            editor = session.Editor(text, seed)
            changes = editor.session(edits)
            server = client.Server(folder=folder)
            self.addCleanup(server.kill)
            server.start(PULLS, folder)
            server.open(client.uri_of(path), text)
            for number, change in enumerate(session.lsp_changes(text, changes)):
                server.change(client.uri_of(path), number + 2, change)
                diagnostics = server.pull(client.uri_of(path))["items"]
                start, end, new = changes[number]
                text = text[:start] + new + text[end:]
                if number % every == 0 or number + 1 == len(changes):
                    path.write_text(text)
                    self.assertEqual(served(diagnostics), checked(folder, path), f"after {number + 1} edits")
            self.assertEqual(text, editor.text)
            self.assertGreater(len(served(diagnostics)), 0)

    def test_the_findings_of_an_edited_file_are_those_of_a_new_one(self):
        for seed in range(2):
            with self.subTest(seed=seed):
                self.replay(seed, 160, 23)

    def test_so_are_those_of_a_long_file_that_two_threads_share(self):
        self.replay(seed=2, edits=40, every=7, lines=2600)


if __name__ == "__main__":
    unittest.main()
