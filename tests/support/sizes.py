"""The screens that pages are looked at on."""

NARROW = {"width": 320, "height": 640}
TELEPHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}
