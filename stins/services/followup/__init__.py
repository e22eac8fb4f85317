"""Following up: every breach is mended, with evidence, within six months, and it can be seen that it was."""
