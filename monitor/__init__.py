"""The service: collect, gate, store, triage, seal, review, alert. Imports `models`, never `api`."""
