"""Czech dates and numbers with hard spaces."""

DATE_FORMAT = "j.\xa0n.\xa0Y"
TIME_FORMAT = "G:i"
DATETIME_FORMAT = "j.\xa0n.\xa0Y\xa0G:i"
SHORT_DATE_FORMAT = "j.\xa0n.\xa0Y"
SHORT_DATETIME_FORMAT = "j.\xa0n.\xa0Y\xa0G:i"
YEAR_MONTH_FORMAT = "F\xa0Y"
MONTH_DAY_FORMAT = "j.\xa0F"
FIRST_DAY_OF_WEEK = 1
DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "\xa0"
NUMBER_GROUPING = 3
DATE_INPUT_FORMATS = ["%d.%m.%Y", "%d. %m. %Y", "%d.%m.%y", "%Y-%m-%d"]
