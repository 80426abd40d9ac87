"""Makes files and folders for this user alone, whatever the umask says."""

import os
from pathlib import Path

FILE, FOLDER = 0o600, 0o700


def make_folder(folder: Path) -> None:
    """Make the folder and those above it that are missing; what is there stays as it is. Raises OSError."""
    for each in (*reversed(folder.parents), folder):
        if not each.exists():
            each.mkdir(FOLDER, exist_ok=True)
            each.chmod(FOLDER)


def make_file(file: Path) -> None:
    """Make an empty file where there is none; SQLite gives its companions the same mode. Raises OSError."""
    try:
        opened = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE)
    except FileExistsError:
        return
    os.fchmod(opened, FILE)
    os.close(opened)
