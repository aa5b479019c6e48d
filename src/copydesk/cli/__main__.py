"""`python -m copydesk.cli`: the command line without its installed script."""

import sys

from copydesk.cli.commands import main

if __name__ == "__main__":
    sys.exit(main())
