"""The written report on what was done about breaches, as a paper: rows first, then PDF and docx."""
