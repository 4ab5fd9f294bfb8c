"""Pages that stand open to everybody: the report form and the status of a ticket."""
