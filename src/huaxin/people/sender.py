"""Who carries a one-time code to a phone. Real carriers are adapters of `CodeSender`."""

import sys
from typing import Protocol


class CodeSender(Protocol):
    reveals: bool  # the code is given back in the answer: never true on a public server

    async def send(self, phone: str, code: str, language: str) -> None:
        """Raises huaxin.journal.model.Rejected `login.not_sent` (503) when the code could not be sent."""
        ...


class DevelopmentSender:
    """Prints the code. With `reveals` the answer to the browser carries it too (the demo)."""

    def __init__(self, *, reveals: bool = False) -> None:
        self.reveals = reveals

    async def send(self, phone: str, code: str, language: str) -> None:
        print(f"登录验证码 login code  {phone}  {code}", file=sys.stderr, flush=True)
