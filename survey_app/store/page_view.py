"""What one page has read already. Use cases ask for the gmina, the interview, the team each on their own; within one
page the store is asked for each only once.

Rows and results are kept, not the transaction: between two use cases nobody is kept waiting, no connection is held.
Whatever is written meanwhile throws everything away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import FrozenResult, Result, event
from sqlalchemy.orm import ORMExecuteState, Session

# Execution option of a query for several things at once, one of them with a joined collection: whoever asks it calls
# `unique()` anyway, and a result that is kept must have it done already.
JOINED_ROWS = "joined_rows"
# With these, a query is about more than its rows.
_NEVER_KEPT = {"yield_per", "stream_results"}


class PageView:
    """The session of one page, and the results that it has had."""

    def __init__(self, new_session: Callable[[], Session]) -> None:
        self._new_session = new_session
        self._session: Session | None = None
        self._results: dict[object, FrozenResult[Any]] = {}

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """The page's session, in a transaction that ends with the outermost block."""
        if self._session is None:
            self._session = self._new_session()
            event.listen(self._session, "do_orm_execute", self._ask_once)
        session = self._session
        if session.in_transaction():
            yield session
            return
        try:
            session.begin()
            yield session
            if session.dirty or session.new or session.deleted:
                raise RuntimeError("a row was changed where it was only to be read")
            session.commit()
        except BaseException:
            self.forget()  # a rollback would have every row read again; those that somebody holds stay readable
            raise

    def forget(self) -> None:
        """What was read may be so no longer; rows that somebody holds stay as they are."""
        session, self._session = self._session, None
        self._results.clear()
        if session is not None:
            session.close()

    def _ask_once(self, state: ORMExecuteState) -> Result[Any] | None:
        """None: it is asked as ever."""
        key = None if state.is_relationship_load or state.is_column_load else _key(state)
        if key is None:
            return None
        if key not in self._results:
            found = state.invoke_statement()
            if state.execution_options.get(JOINED_ROWS):
                found = found.unique()
            self._results[key] = found.freeze()
        return self._results[key]()


def _key(state: ORMExecuteState) -> object:
    """The same for the same question; None: not one whose answer can be kept."""
    statement: Any = state.statement
    if not state.is_select or getattr(statement, "_for_update_arg", None) is not None:
        return None
    if _NEVER_KEPT & state.execution_options.keys():
        return None
    made = statement._generate_cache_key()
    if made is None:
        return None
    return made.key, repr([one.effective_value for one in made.bindparams]), repr(state.parameters)
