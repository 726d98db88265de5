"""English dates day first, as they are read in the Czech Republic."""

DATE_FORMAT = "j\xa0F\xa0Y"
SHORT_DATE_FORMAT = "j\xa0M\xa0Y"
DATETIME_FORMAT = "j\xa0F\xa0Y, H:i"
SHORT_DATETIME_FORMAT = "j\xa0M\xa0Y, H:i"
FIRST_DAY_OF_WEEK = 1
