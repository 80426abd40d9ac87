"""Makes the fonts of our PDFs anew: `python .ci/fonts.py FOLDER`, where FOLDER holds the DejaVu fonts 2.37.

They are on every Debian (`fonts-dejavu-extra`) and at https://dejavu-fonts.github.io. Their licence allows to change
and to pass on, which `bot/pages/fonts/LICENSE` says; it stands in each file as well.
"""

import sys
from pathlib import Path

from fontTools import subset

SHIPPED = Path(__file__).parent.parent / "bot/pages/fonts"
NAMES = ("DejaVuSansCondensed.ttf", "DejaVuSansCondensed-Bold.ttf")
LETTERS = (
    "U+0020-024F,U+0259,U+0300-036F,U+1E00-1EFF",  # Latin, with Vietnamese
    "U+0370-052F",  # Greek, Cyrillic
    "U+0590-05FF,U+FB1D-FB4F",  # Hebrew
    "U+0600-06FF,U+FB50-FDFF,U+FE70-FEFC",  # Arabic, Persian, Urdu
    "U+2000-206F,U+20A0-20BF,U+2116,U+2122,U+2190-2193,U+2212,U+25A1",  # dashes, currencies, the box
)


def main(folder: Path) -> None:
    for name in NAMES:
        subset.main(
            [
                str(folder / name),
                f"--unicodes={','.join(LETTERS)}",
                "--layout-features=*",
                "--no-hinting",
                "--name-IDs=*",
                "--drop-tables+=FFTM",
                f"--output-file={SHIPPED / name}",
            ]
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
