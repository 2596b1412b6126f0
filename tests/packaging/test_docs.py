"""What the pages show to be copied: each block is held to the grammar of its language, configurations of tools to their schema,
and the set-up of Neovim to Neovim."""

import json
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
from commands import call  # noqa: E402

AWRY = Path(os.environ["AWRY"]).resolve()
PAGES = ("README.md", "docs/editors.md", "docs/ci.md", "docs/pre-commit.md", "packaging/pre-commit-mirror/README.md")
READERS = {
    "toml": "import sys, tomllib; tomllib.loads(sys.stdin.read())",
    "yaml": "import sys, textwrap, yaml; yaml.safe_load(textwrap.dedent(sys.stdin.read()))",
}


def blocks(page, language):
    return re.findall(rf"^```{language}\n(.*?)^```$", (ROOT / page).read_text(), re.DOTALL | re.MULTILINE)


class PagesTest(unittest.TestCase):
    def test_blocks_can_be_read(self):
        for page in PAGES:
            for block in blocks(page, "json"):
                with self.subTest(page=page, block=block):
                    json.loads(block)
            for language, reader in READERS.items():
                for block in blocks(page, language):
                    done = call(tools.python(), "-c", reader, input=block)
                    self.assertEqual(done.returncode, 0, f"{page}: {block}{done.stdout}")

    def test_configurations_of_tools_are_theirs(self):
        (workflow,) = (block for block in blocks("docs/ci.md", "yaml") if block.startswith("name: awry"))
        hooks = [block for block in blocks("docs/pre-commit.md", "yaml") if block.startswith("repos:")]
        pipelines = [block for block in blocks("docs/ci.md", "yaml") if block.startswith(("include:", "awry:"))]
        self.assertEqual((len(hooks), len(pipelines)), (1, 2))
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "file.yml"
            schema = [tools.program("check-jsonschema"), path, "--builtin-schema"]
            for text, command in (
                (workflow, [*schema, "vendor.github-workflows"]),
                *((pipeline, [*schema, "vendor.gitlab-ci"]) for pipeline in pipelines),
                (hooks[0], [tools.program("pre-commit"), "validate-config", path]),
            ):
                path.write_text(text)
                done = call(*command)
                self.assertEqual(done.returncode, 0, text + done.stdout)

    @unittest.skipUnless(shutil.which("nvim"), "Neovim is not here")
    def test_neovim_takes_its_set_up(self):
        (new, old, saving) = blocks("docs/editors.md", "lua")
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            (root / "a.py").write_text("async def save(db):\n    await db.write()\n\n\nasync def main(db):\n    save(db)\n")
            (root / "new.lua").write_text(new)
            (root / "init.lua").write_text(old + saving)
            (root / "wait.lua").write_text(
                "assert(loadfile('new.lua'))\n"
                "vim.wait(60000, function() return #vim.diagnostic.get(0) > 0 end, 20)\n"
                "vim.fn.writefile(vim.tbl_map(function(each) return each.message end, vim.diagnostic.get(0)), 'seen')\n"
                "vim.cmd('qall!')\n"
            )
            environment = {**os.environ, "PATH": f"{AWRY.parent}:{os.environ['PATH']}", "HOME": folder}
            command = ("nvim", "--headless", "-u", "init.lua", "a.py", "-c", "luafile wait.lua")
            done = call(*command, cwd=root, env=environment, stdin=subprocess.DEVNULL)
            self.assertIn("is never awaited", (root / "seen").read_text(), done.stdout)


if __name__ == "__main__":
    unittest.main()
