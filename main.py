"""12345 Hotline Console: `main.py` opens the console; `main.py --help` lists everything else it can do."""

import sys


def main() -> int:
    """Hand the command line to the console's commands; heavy imports wait until a command needs them."""
    from console.commands import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
