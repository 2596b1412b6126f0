"""awry server with the clients of client_sets.py, in the environment that `./dev test` makes for it."""
import os
import pathlib
import sys

FOLDER = pathlib.Path(__file__).resolve().parent
PYTHON = FOLDER.parents[1] / ".build/lsp-clients/bin/python"
SKIPPED = 77

if not PYTHON.exists():
    print("pytest-lsp is not installed: ./dev test does that")
    sys.exit(SKIPPED)
os.chdir(FOLDER)
os.execv(PYTHON, [PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider", "client_sets.py"])
