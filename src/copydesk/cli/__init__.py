"""The command line: thin, one function per command, every error one line that names the way out.

Exit status: 0 done; 1 done, but a quality gate held the result back (or `validate` found something); 2 wrong use or
wrong settings; 3 another run holds the corpus; 4 the run failed and nothing was published.

    commands     all commands with their options, which one is asked for, and how it ends
    running      the command of a run: clean
    alone        commands that need no corpus: init, extract, dedup, schema
    corpus       commands on a published one: explain, review, report, validate, status, export, rollback, gc
    options      options that several commands have
"""

from copydesk.cli.commands import exit_status, main
from copydesk.cli.running import add_clean_options

__all__ = ["add_clean_options", "exit_status", "main"]
