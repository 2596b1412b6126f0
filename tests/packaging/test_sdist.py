"""The source distribution, and the wheel that a machine without a network, node, npm and pkg-config makes of it.

The environment names the generated table of libraries (AWRY_TABLE) and the folder that keeps both files for the other
tests (AWRY_PACKAGES).
"""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import unittest
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "packaging"), str(Path(__file__).parent)]
import tools  # noqa: E402
from commands import without_network  # noqa: E402

TABLE = os.environ["AWRY_TABLE"]
PACKAGES = Path(os.environ["AWRY_PACKAGES"])

# All that a build may call: the compiler with its parts, by the name, too, that Python was built with; CMake, and what CMake
# builds with.
COMMANDS = ("cc", "gcc", "clang", "as", "ld", "ar", "ranlib", "strip", "cmake", "make", "ninja", "ccache", "sh", "uname")
COMMANDS += tuple((sysconfig.get_config_var("CC") or "").split()[:1])

# What git knows and a source distribution has no use for.
LEFT_OUT = re.compile(r"\.ci/|\.gitattributes$|\.gitignore$")


def run(command, **more):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=900, **more)
    if done.returncode != 0:
        raise AssertionError(f"{command} failed:\n{done.stdout.decode(errors='replace')[-6000:]}")
    return done.stdout.decode(errors="replace")


def version():
    return re.search(r"project\(awry VERSION ([0-9.]+)", (ROOT / "CMakeLists.txt").read_text()).group(1)


class SourceDistributionTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.root = Path(folder.name)
        shutil.rmtree(PACKAGES, ignore_errors=True)
        PACKAGES.mkdir(parents=True)
        run([sys.executable, str(ROOT / "packaging/sdist.py"), TABLE, str(PACKAGES)])
        (cls.archive,) = PACKAGES.iterdir()
        with tarfile.open(cls.archive) as packed:
            packed.extractall(cls.root)
        (cls.tree,) = cls.root.iterdir()
        bin_folder = cls.root / "bin"
        bin_folder.mkdir()
        for name in COMMANDS:
            path = shutil.which(name)
            if path and not (bin_folder / name).exists():
                (bin_folder / name).symlink_to(path)
        cls.environment = {
            **{name: value for name, value in os.environ.items() if name.startswith(("CCACHE_", "CMAKE_", "CC", "HOME"))},
            "PATH": str(bin_folder),
            "CMAKE_BUILD_PARALLEL_LEVEL": str(os.cpu_count()),
        }

    def test_it_is_named_after_the_version_that_cmake_knows(self):
        self.assertEqual(self.archive.name, f"awry-{version()}.tar.gz")

    def test_it_holds_what_git_knows_and_the_sources_of_others(self):
        listing = run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT).split("\n")
        expected = {name for name in listing if name and (ROOT / name).is_file() and not LEFT_OUT.match(name)}
        present = {str(path.relative_to(self.tree)) for path in self.tree.rglob("*") if path.is_file()}
        others = {name for name in present if name.startswith("third_party/")}
        self.assertEqual(present - others, expected | {"PKG-INFO"})
        for name in ("jansson", "tree-sitter", "tree-sitter-python", "tree-sitter-toml", "typeshed", "xxhash"):
            self.assertIn(f"third_party/{name}/LICENSE", others)
        self.assertIn("third_party/typeshed/library_table.c", others)

    def test_make_and_a_compiler_are_enough_to_begin(self):
        """Without Ninja; that it compiles is what the wheel shows."""
        build = self.root / "configured"
        command = ["cmake", "-G", "Unix Makefiles", "-S", str(self.tree), "-B", str(build)]
        said = run(without_network(command), env=self.environment)
        self.assertNotIn("Warning", said)
        cache = (build / "CMakeCache.txt").read_text()
        self.assertIn(f"TREE_SITTER_PYTHON_DIR:PATH={self.tree}/third_party/tree-sitter-python", cache)
        self.assertIn("CMAKE_BUILD_TYPE:STRING=Release", cache)
        self.assertIn("AWRY_TESTS:BOOL=OFF", cache)

    def test_it_becomes_a_wheel_without_a_network(self):
        command = [tools.python(), "-m", "build", "--wheel", "--no-isolation", "--outdir", str(PACKAGES), str(self.tree)]
        run(without_network(command), env=self.environment, cwd=self.root)
        (wheel,) = PACKAGES.glob("*.whl")
        self.assertRegex(wheel.name, rf"^awry-{re.escape(version())}-py3-none-\w+\.whl$")
        with zipfile.ZipFile(wheel) as packed:
            names = packed.namelist()
            metadata = packed.read(f"awry-{version()}.dist-info/METADATA").decode()
        data = f"awry-{version()}.data"
        for name in (
            f"{data}/scripts/awry",
            f"{data}/data/lib/awry/awry_runtime.abi3.so",
            "awry_runtime.abi3.so",
            "awry/__main__.py",
            "awry/py.typed",
            f"awry-{version()}.dist-info/licenses/LICENSE",
            f"awry-{version()}.dist-info/licenses/third_party/xxhash/LICENSE",
        ):
            self.assertIn(name, names)
        for line in ("License-Expression: MIT", "Requires-Python: >=3.8", "Description-Content-Type: text/markdown"):
            self.assertIn(f"{line}\n", metadata)
        self.assertIn((ROOT / "README.md").read_text()[:400], metadata)


if __name__ == "__main__":
    unittest.main()
