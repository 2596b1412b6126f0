#!/usr/bin/env bash
# Runs awry once with all the reports that are wanted, and leaves it to a later step to fail: the reports go first.
set -uo pipefail

reports=$(mktemp -d "$RUNNER_TEMP/awry-reports-XXXXXX")

# Inputs are lists of words; nothing in them is expanded.
read -r -d '' -a arguments <<<"$AWRY_ARGS" || true
read -r -d '' -a paths <<<"$AWRY_PATHS" || true

outputs=(--output "sarif:$reports/awry.sarif")
[ "$AWRY_ANNOTATIONS" = true ] || outputs+=(--no-annotations)
[ "$AWRY_SUMMARY" != true ] || outputs+=(--output "markdown:$GITHUB_STEP_SUMMARY")

status=0
awry check "${outputs[@]}" ${arguments[@]+"${arguments[@]}"} -- ${paths[@]+"${paths[@]}"} || status=$?

{
  echo "status=$status"
  # With bad settings there is none.
  if [ -s "$reports/awry.sarif" ]; then
    echo "sarif-file=$reports/awry.sarif"
  fi
} >>"$GITHUB_OUTPUT"
