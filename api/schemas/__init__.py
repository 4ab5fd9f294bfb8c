"""The JSON shapes of v1, one file per noun."""
