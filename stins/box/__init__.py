"""The sealed box: codes, keys and sealed ballots (anonymity.md, "The sealed box").

What lies in the database can be read by nobody while an inspection is open, and by nobody ever after.
"""

from dataclasses import dataclass

from stins.box.codes import Entropy
from stins.box.keys import KeyFolder


@dataclass(frozen=True, slots=True)
class Box:
    """What sealing and opening need: the pepper, the folder of private keys, a source of random bytes."""

    pepper: bytes
    keys: KeyFolder
    entropy: Entropy

    def new_id(self) -> str:
        """Make a random id of 16 hexadecimal characters: it tells neither time nor order."""
        return self.entropy(8).hex()
