"""What changed between two texts of a plan: by what things are, never by where they stand."""
