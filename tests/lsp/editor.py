"""What people see in an editor. The script of each editor does the same in the same small project, as far as the
editor can, and writes what was seen there to seen.json; the first line of it that fails ends it."""
import json
import os
import pathlib
import subprocess
import tempfile

FOLDER = pathlib.Path(__file__).parent

# On the Pythons below 3.11 the handler never runs; its fix is safe. That of what is called and dropped is not.
APP = """import asyncio


async def save(db):
    try:
        return await asyncio.wait_for(db.write(), 5)
    except TimeoutError:
        return None


async def main(db):
    print("on")
    if db:
        save(db)
"""
FIXED = APP.replace("        save(db)", "        await save(db)")
ALL_FIXED = FIXED.replace("except TimeoutError", "except (TimeoutError, asyncio.TimeoutError)")

FILES = {
    "awry.toml": 'target-version = "py38"\n',
    "app.py": APP,
    "a.py": "def save(db):\n    db.write()\n",
    "b.py": "from a import save\n\n\nasync def main(db):\n    save(db)\n",
}


def seen_by(*command):
    """Runs the editor in the project; what was seen."""
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder).resolve()
        for name, text in FILES.items():
            (root / name).write_text(text)
        # What some editors call a project is a repository.
        subprocess.run(["git", "init", "-q", root], check=True)
        home = str(root / "home")
        process = subprocess.run(
            command,
            cwd=root,
            env={**os.environ, "HOME": home, "XDG_STATE_HOME": home, "XDG_CACHE_HOME": home, "LANG": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=280,
        )
        written = root / "seen.json"
        if not written.exists():
            raise AssertionError(f"{command[0]} saw nothing: {process.stdout!r} {process.stderr!r}")
        return json.loads(written.read_text())


class EditorTests:
    """For a TestCase that sets `seen`. A diagnostic is its line, what it underlines, and its text."""

    def places(self, name):
        return sorted((line, words) for line, words, _ in self.seen[name])

    def test_nothing_went_wrong(self):
        self.assertIsNone(self.seen.get("fault"))

    def test_findings_are_shown_where_they_are(self):
        self.assertEqual(self.places("opened"), [(7, "TimeoutError"), (14, "save(db)")])

    def test_a_quick_fix_changes_the_buffer(self):
        self.assertEqual(self.seen["fixed"], FIXED)

    def test_fix_all_changes_the_buffer(self):
        self.assertEqual(self.seen["all_fixed"], ALL_FIXED)

    def test_what_is_typed_is_checked(self):
        self.assertEqual(self.places("typed"), [(18, "save(db)")])

    def test_what_another_buffer_says_counts_before_it_is_saved(self):
        self.assertEqual(self.places("across"), [(5, "save(db)")])

    def test_a_hover_shows_the_page_of_the_rule(self):
        self.assertIn("`unawaited-coroutine` · `AWR301`", self.seen["hover"])
        self.assertIn("What happens at run time\n", self.seen["hover"])
