"""Tables that people send in Excel: read with places, compared first, applied once. Knows no models of ours."""
