"""What can be wrong with a sealed thing, named for what the reader can do.

SealingError
├── Malformed        not an age file, key or bundle at all: take the right file
├── NoMatchingKey    sealed to somebody else: take the right identity
├── Tampered         damaged or changed after sealing: take another copy
└── BadKeyFile       the server's key file cannot be used: the message says why and what to do
"""


class SealingError(Exception):
    """Root of the sealing package's errors."""


class Malformed(SealingError):
    """The bytes are not of the expected form."""


class NoMatchingKey(SealingError):
    """None of the identities fits a stanza of the file."""


class Tampered(SealingError):
    """A MAC or tag does not hold: the file was damaged or changed."""


class BadKeyFile(SealingError):
    """The key file cannot be used; the message names cause and remedy."""
