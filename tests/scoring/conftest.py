"""Every run draws the same examples, so that a failure is found again by whoever reads of it."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "scoring",
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("scoring")
