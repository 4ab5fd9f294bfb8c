"""From labelled posts to a released artifact. Imports `models` only."""
