"""Records of arrays, texts and numbers in one file each, without any code in it."""

from __future__ import annotations

import json
import os
import uuid
from pathlib import Path
from typing import Any, get_origin

import cattrs
import numpy as np

from entrepot.lake_files import make_durable

_TREE = "tree"


def write_kept(path: Path, value: object) -> None:
    """Write a record; readers see the whole file or none.

    Args:
        path: File to write; its folder is made where it is not there.
        value: Records of arrays, texts and numbers, in tuples, lists and dictionaries by name.
    """
    arrays: list[np.ndarray[Any, Any]] = []

    def aside(array: np.ndarray[Any, Any]) -> int:
        arrays.append(array)
        return len(arrays) - 1

    converter = cattrs.Converter()
    converter.register_unstructure_hook_func(_is_array, aside)
    converter.register_unstructure_hook(np.generic, lambda number: number.item())
    tree = json.dumps(converter.unstructure(value))
    parts = {f"a{index}": array for index, array in enumerate(arrays)}
    path.parent.mkdir(parents=True, exist_ok=True)
    staged = path.with_name(f".{path.name}-{uuid.uuid4().hex}")
    with staged.open("wb") as file:
        np.savez(file, allow_pickle=False, **{_TREE: np.array(tree)}, **parts)
    make_durable(staged)
    os.replace(staged, path)


def read_kept(path: Path, kind: Any) -> Any:
    """Read a record.

    Args:
        path: The file.
        kind: Its type, as it was written.

    Returns:
        The record.

    Raises:
        OSError: If there is no such file.
        ValueError: If it holds something else.
    """
    with np.load(path, allow_pickle=False) as held:
        converter = cattrs.Converter()
        converter.register_structure_hook_func(_is_array, lambda index, _: held[f"a{index}"])
        return converter.structure(json.loads(str(held[_TREE])), kind)


def _is_array(kind: Any) -> bool:
    return kind is np.ndarray or get_origin(kind) is np.ndarray
