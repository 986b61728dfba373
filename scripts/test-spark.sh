#!/bin/sh
# Starts a Spark Connect server in a process of its own and runs on it the tests that hold on both
# engines. Where there is no Java, the sentence that says so is the whole result, and no failure.
set -eu
cd "$(dirname "$0")/.."
status=0
sh scripts/setup-spark.sh || status=$?
[ "$status" != 3 ] || exit 0
[ "$status" = 0 ] || exit "$status"

home=$PWD
place=$(mktemp -d)
port=$(.venv-spark/bin/python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
PATH=$home/.venv-spark/bin:$PATH
PYSPARK_PYTHON=$home/.venv-spark/bin/python
SPARK_LOCAL_IP=127.0.0.1
export PATH PYSPARK_PYTHON SPARK_LOCAL_IP

(
    cd "$place"
    exec spark-submit --master 'local[2]' --driver-memory 2g \
        --conf spark.ui.enabled=false \
        --conf spark.sql.shuffle.partitions=4 \
        --conf spark.connect.grpc.binding.address=127.0.0.1 \
        --conf spark.connect.grpc.binding.port="$port" \
        --conf spark.sql.warehouse.dir="$place/warehouse" \
        --class org.apache.spark.sql.connect.service.SparkConnectServer spark-internal
) >"$place/server.log" 2>&1 &
server=$!
stop() {
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
    rm -rf "$place"
}
trap stop EXIT
trap 'exit 130' INT TERM

.venv-spark/bin/python - "$port" "$server" <<'END' || { tail -n 20 "$place/server.log"; exit 1; }
import os, socket, sys, time

port, server = int(sys.argv[1]), int(sys.argv[2])
until = time.monotonic() + 120
while time.monotonic() < until:
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            sys.exit(0)
    os.kill(server, 0)  # raises where the server is gone
    time.sleep(0.2)
sys.exit("test-spark: the server did not answer within two minutes.")
END

echo "Spark Connect answers on port $port."
ENTREPOT_TEST_ENGINE="sc://127.0.0.1:$port" \
    .venv-spark/bin/python -m pytest -q -m engines tests "$@"
