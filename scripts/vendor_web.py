"""Rebuild what the web pages bring along from elsewhere, and the manifest that says what it is.

Run it with ``npm`` at hand and the packages of the extra ``web`` installed::

    python scripts/vendor_web.py

Users never need it: the files it writes are kept with the code. ``--check`` only compares the
files with the manifest. The label points are our own and are read, never written.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

import vl_convert

VENDOR = Path(__file__).resolve().parent.parent / "src/entrepot/web/static/vendor"
MANIFEST = "manifest.json"
VEGA_LITE = "6.4"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file that is not ours.

    Args:
        file: Its name in the folder.
        name: Package it comes from.
        version: Version of that package.
        licence: SPDX identifier.
        origin: Where it comes from, in words.
        member: Path inside the package; empty where it is not a file of one.
    """

    file: str
    name: str
    version: str
    licence: str
    origin: str
    member: str = ""


ASSETS = (
    Asset(
        "htmx.min.js",
        "htmx.org",
        "4.0.1",
        "0BSD",
        "npm package, dist/htmx.min.js as published",
        "package/dist/htmx.min.js",
    ),
    Asset(
        "htmx.LICENSE.txt",
        "htmx.org",
        "4.0.1",
        "0BSD",
        "npm package, LICENSE as published",
        "package/LICENSE",
    ),
    Asset(
        "countries-110m.json",
        "world-atlas",
        "2.0.2",
        "ISC",
        "npm package, TopoJSON made from Natural Earth (public domain), as published",
        "package/countries-110m.json",
    ),
    Asset(
        "world-atlas.LICENSE.txt",
        "world-atlas",
        "2.0.2",
        "ISC",
        "npm package, LICENSE as published",
        "package/LICENSE",
    ),
    Asset(
        "vega.LICENSE.txt",
        "vega",
        "6.4.0",
        "BSD-3-Clause",
        "npm package, LICENSE as published; Vega-Lite and Vega-Embed carry the same",
        "package/LICENSE",
    ),
)
BUNDLE = Asset(
    "vega.min.js",
    "vega, vega-lite, vega-embed",
    VEGA_LITE,
    "BSD-3-Clause",
    "javascript_bundle() of the Python package vl-convert-python {version}, Vega-Lite {lite}",
)
POINTS = Asset(
    "label_points.csv",
    "label points",
    "1",
    "Apache-2.0",
    "our own: one point inside each area where its name is written, checked by eye on the map",
)


def main(arguments: list[str]) -> int:
    """Rebuild the files, or compare them with the manifest.

    Args:
        arguments: ``--check`` compares only.

    Returns:
        0 where all is well, 1 where a file differs from the manifest.
    """
    if arguments == ["--check"]:
        wrong = differing()
        for line in wrong:
            print(line)
        return 1 if wrong else 0
    VENDOR.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for asset in ASSETS:
            (VENDOR / asset.file).write_bytes(_member(Path(folder), asset))
    # With no script of our own it bundles Vega-Embed whole; its types know no None.
    bundle = vl_convert.javascript_bundle(None, vl_version=VEGA_LITE)  # type: ignore[arg-type]
    (VENDOR / BUNDLE.file).write_text(bundle, encoding="utf-8")
    _write_manifest()
    return 0


def differing() -> list[str]:
    """Compare the folder with its manifest.

    Returns:
        One sentence for each file that differs, is missing or is not named.
    """
    entries = json.loads((VENDOR / MANIFEST).read_text("utf-8"))["assets"]
    named = {entry["file"]: entry["sha256"] for entry in entries}
    held = {path.name: path for path in VENDOR.iterdir() if path.name != MANIFEST}
    wrong = [f"{name}: is not there" for name in sorted(named.keys() - held.keys())]
    wrong += [f"{name}: not named by {MANIFEST}" for name in sorted(held.keys() - named.keys())]
    wrong += [
        f"{name}: digest differs from {MANIFEST}"
        for name in sorted(named.keys() & held.keys())
        if _sha256(held[name]) != named[name]
    ]
    return wrong


def _member(folder: Path, asset: Asset) -> bytes:
    """One file of an npm package, which is fetched once."""
    wanted = f"{asset.name}-{asset.version}.tgz"
    if not (folder / wanted).exists():
        command = ["npm", "pack", "--silent", f"{asset.name}@{asset.version}"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
    with tarfile.open(folder / wanted) as package:
        found = package.extractfile(asset.member)
        if found is None:
            raise FileNotFoundError(f"{wanted} holds no file {asset.member}.")
        return found.read()


def _write_manifest() -> None:
    origin = BUNDLE.origin.format(version=version("vl-convert-python"), lite=VEGA_LITE)
    entries = []
    for asset in (*ASSETS, BUNDLE, POINTS):
        path = VENDOR / asset.file
        entry = {name: value for name, value in asdict(asset).items() if name != "member"}
        if asset is BUNDLE:
            entry["origin"] = origin
        entries.append({**entry, "sha256": _sha256(path), "size_bytes": path.stat().st_size})
    entries.sort(key=lambda entry: str(entry["file"]))
    text = json.dumps({"assets": entries}, indent=1, ensure_ascii=False) + "\n"
    (VENDOR / MANIFEST).write_text(text, encoding="utf-8")


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
