"""Makes the source distribution: what git knows of this folder, and in third_party/ the sources of others and the generated
table, so that a C compiler and CMake make the program of it without a network.

    python3 packaging/sdist.py TABLE FOLDER

TABLE is library_table.c of a build; FOLDER gets awry-<version>.tar.gz. Needs node_modules/ (`./dev setup`).
"""

import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

import tools

ROOT = Path(__file__).resolve().parents[1]
ARCHIVES = ROOT / ".build/archives"
TYPESHED_LICENCE = Path("/usr/lib/python3/dist-packages/mypy/typeshed/LICENSE")

# name -> where its files are below node_modules/, and which of them go along: (source, place in third_party/NAME)
PACKAGES = {
    "tree-sitter": [
        ("tree-sitter/LICENSE", "LICENSE"),
        ("tree-sitter/vendor/tree-sitter/lib/include", "lib/include"),
        ("tree-sitter/vendor/tree-sitter/lib/src", "lib/src"),
    ],
    "tree-sitter-python": [
        ("tree-sitter-python/LICENSE", "LICENSE"),
        ("tree-sitter-python/src/parser.c", "src/parser.c"),
        ("tree-sitter-python/src/scanner.c", "src/scanner.c"),
        ("tree-sitter-python/src/tree_sitter", "src/tree_sitter"),
    ],
    "tree-sitter-toml": [
        ("@tree-sitter-grammars/tree-sitter-toml/LICENSE", "LICENSE"),
        ("@tree-sitter-grammars/tree-sitter-toml/src/parser.c", "src/parser.c"),
        ("@tree-sitter-grammars/tree-sitter-toml/src/scanner.c", "src/scanner.c"),
        ("@tree-sitter-grammars/tree-sitter-toml/src/tree_sitter", "src/tree_sitter"),
    ],
}

# Libraries that have no package of sources: their own archives, as a mirror of Debian keeps them. (name, path there,
# SHA-256, what is taken from it)
LIBRARIES = [
    (
        "jansson",
        "pool/main/j/jansson/jansson_2.14.orig.tar.gz",
        "c739578bf6b764aa0752db9a2fdadcfe921c78f1228c7ec0bb47fa804c55d17b",
        ("LICENSE", "src/*.c", "src/*.h", "src/jansson_config.h.in"),
    ),
    (
        "xxhash",
        "pool/main/x/xxhash/xxhash_0.8.1.orig.tar.gz",
        "3bb6b7d6f30c591dd65aaaff1c8b7a5b94d81687998ca9400082c739a690436c",
        ("LICENSE", "xxhash.h"),
    ),
]


def copy(source, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("wasm", "*.scm"))
    else:
        shutil.copyfile(source, target)
        shutil.copymode(source, target)


def copy_project(tree):
    """What git knows, and what it would be told of with the next commit."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, check=True, stdout=subprocess.PIPE
    )
    for name in filter(None, listing.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            copy(ROOT / name, tree / name)


def mirrors():
    """Those that the system's own package manager uses."""
    listed = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI)"], check=True, capture_output=True, text=True
    )
    return sorted(set(listed.stdout.split()))


def download(place):
    for mirror in mirrors():
        try:
            with urllib.request.urlopen(mirror + place, timeout=300) as answer:
                return answer.read()
        except urllib.error.HTTPError:
            continue
    sys.exit(f"no mirror of Debian that apt knows has {place}")


def archive(place, digest):
    """The archive's path; it is fetched once."""
    path = ARCHIVES / place.rsplit("/", 1)[1]
    if not path.exists():
        content = download(place)
        if hashlib.sha256(content).hexdigest() != digest:
            sys.exit(f"{place} is not what it was: its SHA-256 differs")
        ARCHIVES.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return path


def copy_library(name, place, digest, patterns, third_party):
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(archive(place, digest)) as packed:
            packed.extractall(folder)
        (top,) = Path(folder).iterdir()
        for pattern in patterns:
            for path in top.glob(pattern):
                copy(path, third_party / name / path.relative_to(top))


def copy_others(third_party, table):
    for name, files in PACKAGES.items():
        for source, place in files:
            copy(ROOT / "node_modules" / source, third_party / name / place)
    for library in LIBRARIES:
        copy_library(*library, third_party)
    copy(table, third_party / "typeshed/library_table.c")
    copy(TYPESHED_LICENCE, third_party / "typeshed/LICENSE")


def make(table, folder):
    with tempfile.TemporaryDirectory() as temporary:
        tree = Path(temporary) / "awry"
        copy_project(tree)
        copy_others(tree / "third_party", table)
        command = ["-m", "build", "--sdist", "--no-isolation", "--outdir", str(folder.resolve()), str(tree)]
        subprocess.run([tools.python(), *command], check=True)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    make(Path(sys.argv[1]), Path(sys.argv[2]))
