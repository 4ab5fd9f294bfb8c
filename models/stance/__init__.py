"""Does a post take sides? Asked only of posts whose author shows to be a civil servant."""
