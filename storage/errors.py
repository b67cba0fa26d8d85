"""What can go wrong below the conversation, named for what the caller can do.

StorageError
├── NotKept        the disk, a lock or a connection: nothing was kept, the same change may be run again
├── Unreadable      one row does not open: its bytes were damaged or its key is gone; every other row is as it was
├── NotReady        the database is missing or older than this program: says what to run
└── Refused         a command asked for something that cannot be; the message is for the operator

Arguments are codes and names of things, never what a person said.
"""


class StorageError(Exception):
    """Root of the storage package's errors."""


class NotKept(StorageError):
    """Nothing of the change was kept; it may be run again as it is."""


class Unreadable(StorageError):
    """One row cannot be read; the argument is its table."""


class NotReady(StorageError):
    """The database cannot be used as it stands; the message says what to run."""


class Refused(StorageError):
    """An operator's wish that cannot be met; the message is one clear line."""
