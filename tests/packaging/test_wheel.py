"""The wheel in a fresh virtual environment of each CPython, with nothing of the build there.

The environment names the folder with the wheel (AWRY_PACKAGES) and the folder that it was built in (AWRY_BUILD).
"""

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "runtime"), str(Path(__file__).parent)]
from commands import call, without_folder  # noqa: E402
from interpreters import INTERPRETERS, version_of  # noqa: E402
from packages import environment  # noqa: E402

(WHEEL,) = Path(os.environ["AWRY_PACKAGES"]).glob("*.whl")
BUILD = Path(os.environ["AWRY_BUILD"])

# The newest pytest that each version can have.
PYTEST = {"3.8": "pytest==8.3.5", "3.9": "pytest==8.4.2"}
NEWEST_PYTEST = "pytest==9.2.0"

PROGRAM = """import asyncio


async def worker():
    for _ in range(2):
        try:
            await asyncio.sleep(0.01)
        except asyncio.CancelledError:
            print("stopped")


async def main():
    task = asyncio.create_task(worker())
    await asyncio.sleep(0)
    task.cancel()
    await task


if __name__ == "__main__":
    asyncio.run(main())
"""

TEST = """import asyncio
import gc


async def fails():
    raise ValueError("lost")


async def lose():
    task = asyncio.create_task(fails())
    await asyncio.sleep(0)
    del task
    gc.collect()


def test_loses():
    asyncio.run(lose())
"""


class Installed:
    """A virtual environment of an interpreter that holds the wheel and nothing else."""

    def __init__(self, interpreter, folder):
        self.folder = Path(folder)
        self.bin = self.folder / "venv/bin"
        subprocess.run([interpreter, "-m", "venv", str(self.folder / "venv")], check=True)
        install = ["-m", "pip", "--quiet", "--disable-pip-version-check", "install", "--no-index", str(WHEEL)]
        subprocess.run([str(self.bin / "python"), *install], check=True)

    def run(self, *command, **variables):
        """As a user runs it in a shell where the environment is active."""
        environment = {"PATH": f"{self.bin}:/usr/bin:/bin", "HOME": str(self.folder), "NO_COLOR": "1", **variables}
        return call(*without_folder(BUILD, command), cwd=self.folder, env=environment)


class WheelTest(unittest.TestCase):
    def check_commands(self, installed):
        said = installed.run("awry", "--version")
        self.assertRegex(said.stdout, r"^awry \d+\.\d+\.\d+")
        by_module = installed.run("python", "-m", "awry", "--version")
        self.assertEqual((by_module.returncode, by_module.stdout), (0, said.stdout))
        found = installed.run("python", "-c", "import awry; print(awry.find_awry_bin())")
        self.assertEqual(found.stdout.strip(), str(installed.bin / "awry"))

    def check_check(self, installed):
        said = installed.run("awry", "check", "--isolated", "program.py")
        self.assertEqual(said.returncode, 1, said.stdout)
        self.assertIn("swallowed-cancellation", said.stdout)
        unknown = installed.run("python", "-m", "awry", "check", "--no-such-option")
        self.assertEqual(unknown.returncode, 2, unknown.stdout)

    def check_run(self, installed):
        said = installed.run("awry", "run", "--isolated", "--python", "python", "program.py")
        self.assertIn("observed 2 tasks and 1 cancellation", said.stdout)
        self.assertIn("swallowed", said.stdout)
        self.assertEqual(said.returncode, 1, said.stdout)

    def check_verify(self, installed):
        said = installed.run("awry", "verify", "--isolated", "--python", "python", "program.py")
        self.assertIn(": 1 fixed", said.stdout)
        self.assertEqual(said.returncode, 0, said.stdout)

    def check_pytest(self, installed, interpreter):
        requirement = PYTEST.get(version_of(interpreter), NEWEST_PYTEST)
        python = environment(interpreter, (requirement,))
        (modules,) = Path(python).parents[1].glob("lib/python3*/site-packages")
        command = ("python", "-m", "pytest", "-p", "awry_runtime", "-p", "no:cacheprovider", "test_program.py")
        said = installed.run(*command, PYTHONPATH=str(modules))
        self.assertIn("1 passed", said.stdout)
        self.assertIn("seen by awry", said.stdout)
        self.assertIn("this task failed with ValueError, and nobody looked at it", said.stdout)

    def test_it_runs_in_every_cpython(self):
        for interpreter in INTERPRETERS:
            with self.subTest(python=version_of(interpreter)), tempfile.TemporaryDirectory() as folder:
                installed = Installed(interpreter, folder)
                (installed.folder / "program.py").write_text(PROGRAM)
                (installed.folder / "test_program.py").write_text(TEST)
                self.check_commands(installed)
                self.check_check(installed)
                self.check_run(installed)
                self.check_verify(installed)
                self.check_pytest(installed, interpreter)

    def test_it_needs_no_library_but_those_of_every_system(self):
        with tempfile.TemporaryDirectory() as folder:
            installed = Installed(sys.executable, folder)
            for path in (installed.bin / "awry", installed.folder / "venv/lib/awry/awry_runtime.abi3.so"):
                said = installed.run("ldd", path)
                needed = {line.split()[0].rsplit("/", 1)[-1].split(".")[0] for line in said.stdout.splitlines() if line.strip()}
                allowed = {"linux-vdso", "libc", "libm", "libpthread", "libdl", "ld-linux-x86-64", "ld-linux-aarch64"}
                self.assertLessEqual(needed, allowed, said.stdout)

    def test_it_is_found_where_pip_puts_it_beside_the_modules(self):
        """pip install --target: no environment, and no folder of commands that anybody knows of."""
        with tempfile.TemporaryDirectory() as folder:
            installed = Installed(sys.executable, folder)
            target = installed.folder / "target"
            install = ("python", "-m", "pip", "install", "--quiet", "--no-index", "--target", target, WHEEL)
            subprocess.run([str(installed.bin / install[0]), *map(str, install[1:])], check=True)
            subprocess.run([str(installed.bin / "python"), "-m", "pip", "uninstall", "--quiet", "--yes", "awry"], check=True)
            said = installed.run("python", "-m", "awry", "--version", PYTHONPATH=str(target))
            self.assertEqual(said.returncode, 0, said.stdout)
            (installed.folder / "program.py").write_text(PROGRAM)
            said = installed.run(target / "bin/awry", "run", "--isolated", "--python", "python", "program.py")
            self.assertIn("observed 2 tasks", said.stdout)

    def test_without_the_program_the_module_says_where_it_looked(self):
        with tempfile.TemporaryDirectory() as folder:
            installed = Installed(sys.executable, folder)
            (installed.bin / "awry").unlink()
            said = installed.run("python", "-m", "awry", "--version")
            self.assertEqual(said.returncode, 1)
            self.assertIn(str(installed.bin), said.stdout)


if __name__ == "__main__":
    unittest.main()
