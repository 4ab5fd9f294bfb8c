"""A post's way in: read, check, gate, store, score, triage to a case, and out again in time."""
