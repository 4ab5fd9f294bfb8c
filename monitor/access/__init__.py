"""Who may come in: passwords, console sessions, API keys, and the installation's own key."""
