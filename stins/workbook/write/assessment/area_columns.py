"""The columns of the rows for areas, below the criteria in Bedömning."""

GRADE, KNOWN, OF, F_KNOWN, F_OF, KI = "C", "D", "E", "F", "G", "H"
BROKEN, F_SHORT, AR_NOT_MET, AR_PARTLY, CRITICAL_NOT_MET = "I", "J", "K", "L", "M"
KI_SHORT, KI_LIMIT, HEIGHT, LABEL = "N", "O", "P", "Q"
SHARES = {"st": "R", "utbildare": "S", "alla": "T"}
REASONS = "U"
