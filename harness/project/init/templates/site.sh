#!/usr/bin/env bash
# The site of this repository's engines, built from what is known of them: the states of the status files that were committed (the last
# of each day), as they are now, and the records of runs that are named.
#   ci/site.sh OUT [RECORD...]
# STATUS: the folder of status files; STATES: how many days go into the history; TITLE; BASE: where the site will be.
set -euo pipefail
cd "$(git rev-parse --show-toplevel)"

out="${1:?usage: $0 OUT [RECORD...]}"
shift
status="${STATUS:-conformance/status}"
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT

options=()
# The newest commit of each day, the oldest day first.
for commit in $(git log --format='%h %cs' -- "$status" | awk '!seen[$2]++ { print $1 }' | head -n "${STATES:-10}" | tac); do
  git rev-parse --quiet --verify "$commit:$status" > /dev/null || continue  # it was taken away there
  mkdir "$scratch/$commit"
  git archive "$commit" "$status" | tar -x -C "$scratch/$commit"
  options+=(--status "$scratch/$commit/$status")
done
if [ -d "$status" ]; then options+=(--status "$status"); fi
for record in "$@"; do options+=(--record "$record"); done
lockstep site build "$out" "${options[@]}" --title "${TITLE:-$(basename "$PWD")}" ${BASE:+--base "$BASE"}
