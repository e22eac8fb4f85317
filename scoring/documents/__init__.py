"""The JSON forms that others rely on: ballots.json in, release.json in and out, verdict.json out."""
