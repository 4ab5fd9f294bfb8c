"""What was seen and who did what, so that it stands up later: the hash-chained log and seals."""
