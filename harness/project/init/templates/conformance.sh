#!/usr/bin/env bash
# The conformance run, as CI does it; it can be run by hand too:
#   ci/conformance.sh              everything: run, judge
#   ci/conformance.sh run K/N      one shard of N; its record is conformance/out/shard-K.jsonl
#   ci/conformance.sh judge        join those that are in conformance/out, report, gate
# The first time, record what the engine does today: `lockstep run --update-status`, and commit conformance/status.
set -euo pipefail
cd "$(dirname "$0")/.."

out=conformance/out
mkdir -p "$out"

run_shard() {
  # A shard decides nothing by itself: the whole is judged below.
  lockstep run ${2:+--shard "$2"} --reuse --no-history --fail-on never --output "$out/shard-$1.jsonl"
}

judge() {
  # Where a shard lacks it ends with 3; the report says so too, and the gate does not let it pass.
  lockstep merge "$out"/shard-*.jsonl --output "$out/whole.jsonl" > /dev/null || [ $? -eq 3 ]
  lockstep report "$out/whole.jsonl" --html "$out/report.html" --junit "$out/junit.xml" \
    ${GITHUB_STEP_SUMMARY:+--summary "$GITHUB_STEP_SUMMARY"} > /dev/null
  lockstep gate "$out/whole.jsonl" --no-history ${GITHUB_ACTIONS:+--annotations github}
}

case "${1:-all}" in
  run) run_shard "${2%/*}" "$2" ;;
  judge) judge ;;
  all) rm -f "$out"/*.jsonl; run_shard all; judge ;;
  *) echo "usage: $0 [run K/N | judge]" >&2; exit 2 ;;
esac
