"""Say which texts of the front end lack their English; with --update, bring the catalogue up to the source first."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from forms.catalogue import faults, update


def main() -> int:
    """0 when everything is translated."""
    if "--update" in sys.argv[1:]:
        update("en")
    found = list(faults("en"))
    sys.stdout.write("".join(f"{fault}\n" for fault in found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
