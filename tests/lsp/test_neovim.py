"""awry server in Neovim."""
import shutil
import unittest

from editor import FOLDER, EditorTests, seen_by


@unittest.skipUnless(shutil.which("nvim"), "Neovim is not installed")
class NeovimTest(EditorTests, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.seen = seen_by("nvim", "--headless", "-u", "NONE", "-n", "-c", f"luafile {FOLDER / 'neovim.lua'}")

    def test_the_server_ends_well(self):
        self.assertEqual(self.seen["exit_code"], 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
