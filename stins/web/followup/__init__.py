"""Following up on the web: breaches and what is done about them, and the written report."""
