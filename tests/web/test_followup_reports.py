"""The written report on pages: who is shown what, what is wrong said beside its input, nothing typed lost."""
