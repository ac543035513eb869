"""The keys of the thresholds of rows 38-46, which are declared in `parameters.csv`."""

from services.engine.thresholds import declare_beside

LAPSE_DAYS = "practitioners.lapse_days"
HIRED_DAYS = "practitioners.hired_days"
LEAST_AGE, MOST_AGE = "practitioners.least_age", "practitioners.most_age"
PHOTO_KB, PHOTO_SIDE = "practitioners.photo_kb", "practitioners.photo_side"
FACE_LEAST, FACE_MOST = "practitioners.face_least", "practitioners.face_most"
FACE_ASIDE = "practitioners.face_aside"
TAKE_MINUTES = "practitioners.take_minutes"
CHECK_HOURS = "practitioners.check_hours"
BRAND_KB, BRAND_SIDE = "practitioners.brand_kb", "practitioners.brand_side"
MISLEADING = "practitioners.misleading_words"
HELD_MINUTES = "practitioners.assoc_held_minutes"
INSPECTION, ACTIVATION = "practitioners.assoc_inspection", "practitioners.assoc_activation"

declare_beside(__file__)
