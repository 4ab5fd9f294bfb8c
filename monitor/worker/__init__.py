"""Work done on a schedule: collect, score, publish alerts, remove what is past its time."""
