"""People and their seats out to Excel and back: parser, dry run, one transaction, report."""
