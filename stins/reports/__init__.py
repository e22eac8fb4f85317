"""Results made readable: rows first, then whatever shows them. A report sees a release, never a ballot."""
