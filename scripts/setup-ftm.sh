#!/bin/sh
# Builds .venv-ftm: what .venv holds, and followthemoney, rigour and nomenklatura. One of their
# parts, pyicu, is published as source only and needs a compiler and the headers of ICU. Exits with
# 3 where they are not there, after saying what to install.
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
packages="g++ pkg-config libicu-dev"

can_compile() {
    command -v g++ >/dev/null && command -v pkg-config >/dev/null && pkg-config --exists icu-i18n
}

key=$({
    pwd
    "$python" -VV
    cat requirements/uv.txt requirements/ftm.txt
    sed -n '/^\[project/,/^\[tool/p' pyproject.toml
} | cksum | tr ' ' '-')
stamp=.venv-ftm/.ready-$key
[ ! -e "$stamp" ] || exit 0

if ! can_compile && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing $packages."
    { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy $packages; } \
        >/dev/null || true
fi
if ! can_compile; then
    echo "test-ftm: not run. pyicu has to be compiled: apt-get install $packages"
    exit 3
fi

echo "Setting up .venv-ftm: once, about three minutes."
if "$python" -c 'import ensurepip' 2>/dev/null; then
    "$python" -m venv --clear .venv-ftm
else
    "$python" -m venv --clear --without-pip .venv-ftm
    "$python" -m pip --python .venv-ftm/bin/python install -q pip
fi

pip() { .venv-ftm/bin/python -m pip --disable-pip-version-check "$@"; }

# Everything is pinned, so nothing is resolved: see the extra ftm in pyproject.toml.
with_uv() {
    pip install -q --require-hashes -r requirements/uv.txt &&
        .venv-ftm/bin/uv pip install -q --python .venv-ftm/bin/python --no-deps \
            --require-hashes -r requirements/ftm.txt
}

if ! with_uv; then
    echo "uv could not do it: installing with pip, some minutes."
    pip install -q --no-deps --require-hashes -r requirements/ftm.txt
fi
pip install -q --no-deps --no-build-isolation -e .
touch "$stamp"
