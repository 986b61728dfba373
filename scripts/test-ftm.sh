#!/bin/sh
# Runs the tests marked ftm in .venv-ftm. Where that cannot be built for want of a compiler, the
# sentence that says so is the whole result, and no failure.
set -eu
cd "$(dirname "$0")/.."
status=0
sh scripts/setup-ftm.sh || status=$?
[ "$status" != 3 ] || exit 0
[ "$status" = 0 ] || exit "$status"
exec .venv-ftm/bin/python -m pytest -m ftm tests "$@"
