"""Notebooks in `awry check`: cells are read in order, and findings are by cell and line."""
import json
import subprocess
import unittest

from project import ProjectTest

STORE = "async def save():\n    await flush()\n\n\nasync def flush():\n    print('x')\n"


class NotebookTest(ProjectTest):
    def notebook(self, name, *cells, **members):
        listed = [{"cell_type": "markdown", "metadata": {}, "source": "# A title"}]
        for source in cells:
            listed.append({"cell_type": "code", "metadata": {}, "outputs": [], "source": source.splitlines(True)})
        return self.write(name, json.dumps({"cells": listed, "metadata": {}, "nbformat": 4, **members}, indent=1))

    SAVE = "import asyncio\n\n\nasync def save():\n    await asyncio.sleep(1)"
    LATER = "!ls\nasyncio.create_task(save())\nprint('saving')"

    def test_notebook_findings_are_by_cell_and_line(self):
        self.notebook("a.ipynb", self.SAVE, self.LATER)
        done = self.check()
        self.assertEqual(done.returncode, 1)
        self.assertIn("--> a.ipynb:cell 3:2:1\n", done.stdout)
        self.assertIn("\n2 | asyncio.create_task(save())\n", done.stdout)
        concise = self.check("--output-format", "concise").stdout
        self.assertRegex(concise, r"^a\.ipynb:cell 3:2:1: info: .* \[dangling-task AWR302\]\n")
        finding = self.report()["findings"][0]
        self.assertEqual((finding["path"], finding["cell"]), ("a.ipynb", 3))
        self.assertEqual((finding["start"], finding["end"]), ({"line": 2, "column": 1}, {"line": 2, "column": 28}))

    def test_notes_in_other_cells_say_so(self):
        self.notebook("a.ipynb", self.SAVE, "saved = save()", "print('now')\nprint(saved + 1)")
        self.assertIn("1 | saved = save()\n", self.check().stdout)
        self.assertIn("  ::: cell 4\n2 | print(saved + 1)\n", self.check().stdout)
        self.assertEqual([note["cell"] for note in self.report()["findings"][0]["notes"]], [4])

    def test_fixes_in_notebooks_are_by_cell(self):
        self.notebook("a.ipynb", self.SAVE, "x = 1\nasyncio.run(save())")
        edits = self.report()["findings"][0]["fix"]["edits"]
        self.assertEqual([edit["cell"] for edit in edits], [3, 3])
        self.assertEqual(edits[0]["start"], {"line": 2, "column": 1})

    def test_deleting_a_suppression_leaves_the_next_cell_alone(self):
        self.notebook("a.ipynb", self.SAVE, "x = 1\n# awry: ignore dangling-task -- old", "y = 1")
        edit = self.report()["findings"][0]["fix"]["edits"][0]
        self.assertEqual((edit["cell"], edit["start"]["line"], edit["end"]["line"]), (3, 2, 2))

    def test_suppressions_in_notebooks(self):
        self.notebook("a.ipynb", self.SAVE, self.LATER.replace("())", "())  # awry: ignore dangling-task"))
        self.assertEqual(self.check().returncode, 0)

    def test_notebooks_import_the_project_and_nobody_imports_them(self):
        self.write("pyproject.toml", "")
        self.write("store.py", STORE)
        self.notebook("tools.ipynb", "async def load():\n    await other()")
        self.notebook("use.ipynb", "import asyncio\nfrom store import save\nsave()\nx = 1")
        self.write("use.py", "from tools import load\n\n\nasync def main():\n    load()\n")
        self.assertEqual([f["path"] for f in self.report()["findings"]], ["use.ipynb"])

    def test_notebooks_are_found_where_sources_are(self):
        subprocess.run(["git", "init", "-q"], cwd=self.root, check=True)
        self.write(".gitignore", "out/\n")
        for name in ("a.ipynb", "out/b.ipynb", "x/.ipynb_checkpoints/c-checkpoint.ipynb", ".ipynb_checkpoints/d.py"):
            self.notebook(name, self.SAVE, self.LATER)
        self.assertEqual([f["path"] for f in self.report()["findings"]], ["a.ipynb"])
        self.assertEqual([f["path"] for f in self.report("out/b.ipynb")["findings"]], ["out/b.ipynb"])
        self.assertEqual(self.report("--exclude", "*.ipynb")["findings"], [])

    def test_notebook_on_standard_input(self):
        text = self.notebook("a.ipynb", self.SAVE, self.LATER).read_text()
        done = self.check("--stdin-filename", "b.ipynb", "--output-format", "concise", stdin=text)
        self.assertIn("b.ipynb:cell 3:2:1:", done.stdout)

    def test_notebooks_of_other_languages_are_passed_over(self):
        self.notebook("a.ipynb", "await x <- 3", metadata={"language_info": {"name": "R"}})
        self.assertEqual(self.check().returncode, 0)

    def test_silence_in_a_notebook_is_explained_by_cell(self):
        self.notebook("a.ipynb", self.SAVE, "import nest_asyncio\nnest_asyncio.apply()\nasyncio.run(save())")
        done = self.check("--explain-silence", "a.ipynb:cell 3:3")
        self.assertIn("a.ipynb:cell 3:3\n    3 | asyncio.run(save())", done.stdout)
        self.assertIn("nest_asyncio lets loops run", done.stdout)
        self.problem(self.check("--explain-silence", "a.ipynb:3"), "is named with its cell")
        self.problem(self.check("--explain-silence", "a.ipynb:cell 1:1"), "no line 1 in a code cell 1")

    def test_a_broken_cell_takes_no_other_with_it(self):
        self.notebook("a.ipynb", self.SAVE, "x = '''open\n# awry: ignore", "def f(:\n    (", self.LATER)
        found = [(f["name"], f["cell"], f["start"]["line"]) for f in self.report()["findings"]]
        self.assertEqual(found, [("syntax-error", 3, 1), ("dangling-task", 5, 2)])
        self.notebook("a.ipynb", self.SAVE, "x = (  # awry: ignore syntax-error", self.LATER)
        self.assertEqual([f["name"] for f in self.report()["findings"]], ["dangling-task"])

    def test_broken_notebooks_say_where(self):
        texts = {
            "": "a.ipynb:1:1: is empty",
            "{\n<<<<<<< HEAD": "a.ipynb:2:1: is not JSON: a key in quotes",
            '{"cells": [': "a.ipynb:1:12: is not JSON: it ends too early",
            '{"nbformat": 3,\n "worksheets": []}': "a.ipynb:2:19: is a notebook of an old format",
            '{"metadata": {}}': "a.ipynb:1:17: is no notebook: it has no `cells`",
            '{"cells": [{"source":\n1}]}': "a.ipynb:2:1: is no notebook: a cell's `source`",
            '{"cells": ' + "[" * 100000: "a.ipynb:1:12: is no notebook: a cell is no object",
        }
        for text, message in texts.items():
            self.write("a.ipynb", text)
            self.problem(self.check("a.ipynb"), message)
        self.write("a.ipynb", '{"cells": []}'.encode("utf-16"))
        self.problem(self.check("a.ipynb"), "a.ipynb: is UTF-16")
        self.write("a.ipynb", '{"cells": ["\xe9"]}'.encode("latin-1"))
        self.problem(self.check("a.ipynb"), "a.ipynb:1:13: is not UTF-8")

    def test_huge_outputs(self):
        output = {"output_type": "display_data", "data": {"image/png": "A" * (30 << 20)}}
        path = self.notebook("a.ipynb", self.SAVE, self.LATER)
        notebook = json.loads(path.read_text())
        notebook["cells"][2]["outputs"] = [output]
        path.write_text(json.dumps(notebook))
        self.assertEqual(len(self.report()["findings"]), 1)


if __name__ == "__main__":
    unittest.main()
