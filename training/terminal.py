"""What the commands say: results on standard output, progress on a terminal only."""

import sys


def say(text: str) -> None:
    """Write a result, and a line's end; a progress line on the terminal is cleared first."""
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()
    sys.stdout.write(f"{text}\n")


def progress(step: str) -> None:
    """Show the step at work, over the one before."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{step}")
        sys.stderr.flush()
