#!/usr/bin/env bash
# Installs awry into an environment of its own and puts it on the PATH of the steps that follow.
set -euo pipefail

folder=$RUNNER_TEMP/awry
python3 -m venv "$folder"
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check --only-binary awry \
  "awry${AWRY_VERSION:+==$AWRY_VERSION}"
echo "$folder/bin" >>"$GITHUB_PATH"
"$folder/bin/awry" --version
