"""awry server in Emacs, with eglot."""
import glob
import shutil
import unittest

from editor import FOLDER, EditorTests, seen_by

IS_THERE = shutil.which("emacs") and glob.glob("/usr/share/emacs/site-lisp/elpa*/eglot-*")


@unittest.skipUnless(IS_THERE, "Emacs with eglot is not installed")
class EglotTest(EditorTests, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.seen = seen_by("emacs", "--batch", "--no-init-file", "-l", str(FOLDER / "eglot.el"))

    def test_the_story_is_in_the_message(self):
        # This client shows no related information.
        [message] = [message for line, _, message in self.seen["opened"] if line == 7]
        self.assertRegex(message, r"\nline 6: ")

    def test_the_server_ends(self):
        self.assertFalse(self.seen["is_running"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
