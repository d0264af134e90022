"""Where the answer of an rpc goes that was begun without a task."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .session import Session


class SessionCall:
    """ports.Call of one command of a session."""

    __slots__ = ("id", "session")

    def __init__(self, session: Session, id: int) -> None:
        self.session, self.id = session, id

    def settle(self, raw: bytes) -> None:
        session = self.session
        session.answer(b'{"id":%d,"rpc":{"data":%b}}' % (self.id, raw))
        session.land()

    def fail(self, error: BaseException) -> None:
        session = self.session
        session.answer_failure(self.id, session.gateway.handler.explain(session.who, error))
        session.land()
