"""The two kinds of error that people see, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class UserError(Exception):
    """What a person asked cannot be done; rolls back and is said to them in their language.

    `key` names a sentence of the catalogues and `values` fill its placeholders. Nothing of it is ever logged
    but the key.
    """

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


class NeedsWork(Exception):
    """A handler needs something slow and pure (scrypt): it is computed outside the transaction, which starts again.

    `work()` is run in a thread; its result is given to the handler's second run.
    """

    def __init__(self, work: Callable[[], Any]) -> None:
        super().__init__("needs work")
        self.work = work


class StartError(Exception):
    """The program cannot start or go on; `key` names the sentence that tells the operator why and what to do.

    `code` is the exit code: 1 for what the operator can mend, 3 when the server no longer knows our access token.
    """

    def __init__(self, key: str, *, code: int = 1, **values: Any) -> None:
        super().__init__(key)
        self.key = key
        self.values = values
        self.code = code
