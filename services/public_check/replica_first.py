"""Public checks from a streaming replica, as long as what it says is certain enough (issue 21).

The database itself is asked when the replica does not know a token, is more than a second behind, does not answer, or says
that a paper has ended, for an end may have been taken back.
"""

import logging
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any, TypeVar

import sqlalchemy as sa

from models.dialect import Database
from models.documents import PaperState
from models.practitioner_codes import CardState
from models.tenancy_codes import FilingState
from models.verification_codes import CodeState
from services.engine.refusals import Unavailable
from services.public_check.answers import CardAnswer, PublicAnswer
from services.public_check.code_answers import CodeAnswer
from services.public_check.reader import Broken, PostgresReader, PublicReader, open_reader

log = logging.getLogger("shenfang.replica")
Answer = TypeVar("Answer", PublicAnswer, CardAnswer, CodeAnswer)

#: Seconds by which a replica may be behind, and for which it is left alone after it was found too old or silent.
OLDEST, REST, SILENT = 1.0, 0.5, 5.0
# What was replayed may be all there is, or all that came before the line was cut: then nothing was heard since.
BEHIND = sa.literal_column(
    "CASE WHEN NOT pg_is_in_recovery() THEN 0 ELSE coalesce(extract(epoch FROM clock_timestamp() - (SELECT CASE "
    "WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN last_msg_receipt_time "
    "ELSE pg_last_xact_replay_timestamp() END FROM pg_stat_wal_receiver)), 86400) END",
    sa.Float,
)


class TooOld(Unavailable):
    """The replica answered, but what it knows is too old for a public check."""

    def __init__(self, behind: float) -> None:
        super().__init__("只读副本滞后")
        self.behind = behind


class ReplicaFirst(PublicReader):
    """Asks `near`, a reader of a replica, and the database itself by `first` where `near` is not certain."""

    def __init__(self, near: PublicReader, first: PublicReader) -> None:
        self._near, self._first = near, first
        self._rests_until = 0.0
        #: How many checks each of them answered.
        self.by_replica, self.by_primary = 0, 0

    async def start(self) -> None:
        await self._first.start()
        await self._near.start()

    async def stop(self) -> None:
        await self._near.stop()
        await self._first.stop()

    async def find(self, token_digest: str) -> PublicAnswer | None:
        return await self._either(token_digest, self._near.find, self._first.find, _paper_stands)

    async def find_card(self, token_digest: str) -> CardAnswer | None:
        return await self._either(token_digest, self._near.find_card, self._first.find_card, _card_stands)

    async def find_code(self, token_digest: str) -> CodeAnswer | None:
        return await self._either(token_digest, self._near.find_code, self._first.find_code, _code_stands)

    async def _either(
        self,
        token_digest: str,
        near: Callable[[str], Awaitable[Answer | None]],
        first: Callable[[str], Awaitable[Answer | None]],
        stands: Callable[[Answer], bool],
    ) -> Answer | None:
        if monotonic() >= self._rests_until:
            try:
                found = await near(token_digest)
            except TooOld as old:
                self._rest(REST)
                log.info("只读副本滞后 %.1f 秒，公众核验改问主库", old.behind)
            except Unavailable:
                self._rest(SILENT)
                log.warning("只读副本没有应答，公众核验改问主库")
            else:
                if found is not None and found.sound and stands(found):
                    self.by_replica += 1
                    return found
        self.by_primary += 1
        return await first(token_digest)

    def _rest(self, seconds: float) -> None:
        self._rests_until = monotonic() + seconds


def _paper_stands(answer: PublicAnswer) -> bool:
    return answer.state is not PaperState.REPLACED and answer.filing_state in (None, FilingState.ACTIVE)


def _card_stands(answer: CardAnswer) -> bool:
    return answer.state is CardState.ACTIVE


def _code_stands(answer: CodeAnswer) -> bool:
    return answer.state is CodeState.VALID


def _young_enough(behind: Any) -> None:
    if float(behind) > OLDEST:
        raise TooOld(float(behind))


def open_checks(database: Database, replica: Database | None, broken: Broken) -> PublicReader:
    """Return a reader for public checks; `broken` is called for rows that the database itself holds changed."""
    first = open_reader(database, broken)
    if replica is None or replica.sqlite or replica.sealer is None:
        return first
    url = replica.url.replace("postgresql+psycopg://", "postgresql://", 1)
    age = (BEHIND, _young_enough)
    near = PostgresReader(url, replica.sealer, lambda *_: None, pooled=replica.pooled, age=age)
    return ReplicaFirst(near, first)
