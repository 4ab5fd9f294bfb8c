"""Does the author of a post show to be a civil servant? Asked first, before anything else."""
