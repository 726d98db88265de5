"""Pages of ballots per rollam: for everybody, for those who run them, for those who vote."""
