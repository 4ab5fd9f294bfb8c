"""The review console: pages rendered on the server, in Indonesian, usable without JavaScript."""
