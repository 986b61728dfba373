#!/bin/sh
# Builds .venv from the locked requirements. Where it is up to date this does nothing, so that a
# second run needs no network. Asks only for python3 (3.11 or newer) with pip.
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}

fail() {
    printf 'setup: %s\n' "$1" >&2
    exit 1
}

command -v "$python" >/dev/null || fail "$python is not found: install Python 3.11 or newer, or name it: make PYTHON=python3.12"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    fail "$("$python" -V) is too old, 3.11 or newer is needed. Name another: make PYTHON=python3.12"

# The folder is part of the key because scripts in .venv/bin hold its full path; of pyproject.toml
# only the part that decides what is installed, so that a new lint rule rebuilds nothing.
key=$({
    pwd
    "$python" -VV
    cat requirements/uv.txt requirements/dev.txt
    sed -n '/^\[project/,/^\[tool/p' pyproject.toml
} | cksum | tr ' ' '-')
stamp=.venv/.ready-$key
[ ! -e "$stamp" ] || exit 0

echo "Setting up .venv: once, about half a minute."
if "$python" -c 'import ensurepip' 2>/dev/null; then
    "$python" -m venv --clear .venv
else
    # Debian splits ensurepip off; the pip that is there can fill the environment just as well.
    { "$python" -m venv --clear --without-pip .venv &&
        "$python" -m pip --python .venv/bin/python install -q pip; } ||
        fail "this Python can make no virtual environment. On Debian or Ubuntu: apt-get install python3-venv python3-pip"
fi

pip() { .venv/bin/python -m pip --disable-pip-version-check "$@"; }

with_uv() {
    pip install -q --require-hashes -r requirements/uv.txt &&
        .venv/bin/uv pip install -q --python .venv/bin/python --require-hashes -r requirements/dev.txt
}

if ! with_uv; then
    echo "uv could not do it: installing with pip, about a minute."
    pip install -q --require-hashes -r requirements/dev.txt
fi
pip install -q --no-deps --no-build-isolation -e .
touch "$stamp"
