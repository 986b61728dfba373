#!/bin/sh
# Builds .venv-spark: what .venv holds, and Spark with its Connect server. Needs Java 17 or newer.
# Exits with 3 where there is none, after saying what to install.
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
package=default-jre-headless

has_java() { command -v java >/dev/null || [ -x "${JAVA_HOME:-/nowhere}/bin/java" ]; }

if ! has_java && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing $package."
    { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy $package; } \
        >/dev/null || true
fi
if ! has_java; then
    echo "test-spark: not run. Spark needs Java: apt-get install $package"
    exit 3
fi

key=$({
    pwd
    "$python" -VV
    cat requirements/uv.txt requirements/spark.txt
    sed -n '/^\[project/,/^\[tool/p' pyproject.toml
} | cksum | tr ' ' '-')
stamp=.venv-spark/.ready-$key
[ ! -e "$stamp" ] || exit 0

echo "Setting up .venv-spark: once, about two minutes."
if "$python" -c 'import ensurepip' 2>/dev/null; then
    "$python" -m venv --clear .venv-spark
else
    "$python" -m venv --clear --without-pip .venv-spark
    "$python" -m pip --python .venv-spark/bin/python install -q pip
fi

pip() { .venv-spark/bin/python -m pip --disable-pip-version-check "$@"; }

with_uv() {
    pip install -q --require-hashes -r requirements/uv.txt &&
        .venv-spark/bin/uv pip install -q --python .venv-spark/bin/python \
            --require-hashes -r requirements/spark.txt
}

if ! with_uv; then
    echo "uv could not do it: installing with pip, some minutes."
    pip install -q --require-hashes -r requirements/spark.txt
fi
pip install -q --no-deps --no-build-isolation -e .
touch "$stamp"
