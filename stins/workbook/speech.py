"""Texts in the language of a file. Everything here is made outside a web request."""

from collections.abc import Callable
from functools import cache
from importlib import resources

from babel.support import NullTranslations, Translations

Speech = Callable[[str], str]
"""Gives a Swedish text in the language of the file; always called ``_``, so that texts are found."""


@cache
def speech(lang: str) -> Speech:
    """Give what says texts in ``lang``; anything but ``en`` is Swedish."""
    if lang != "en":
        return NullTranslations().gettext
    return Translations.load(str(resources.files("stins") / "translations"), ["en"]).gettext
