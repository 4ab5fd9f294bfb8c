"""Law, institutions, contests, regions and parties as data with dates, and their readers."""
