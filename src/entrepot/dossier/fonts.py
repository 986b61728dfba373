"""The font of pictures and of PDF files, shipped so that their letters never depend on a machine.

Pictures need it: a converter that finds no font of a name draws no text at all, and says nothing.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

import vl_convert

FAMILY = "DejaVu Sans"  # Latin, Greek, Cyrillic, Armenian, Georgian, Arabic
FACES = {"normal": "DejaVuSans.ttf", "bold": "DejaVuSans-Bold.ttf"}


@cache
def font_folder() -> Path:
    """The folder with the font's files, by weight as in :data:`FACES`.

    Returns:
        The folder; the package must be installed as files, as wheels are.
    """
    with as_file(files("entrepot.dossier").joinpath("fonts")) as folder:
        return folder


@cache
def register_fonts() -> None:
    """Make the font known to the converter that draws charts; once a process is enough."""
    vl_convert.register_font_directory(str(font_folder()))
