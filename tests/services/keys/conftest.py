"""One counter with filed leases and papers a module, on keys of its own, on both engines."""

from collections.abc import Iterator

import pytest

from integrations.cloud_crypto.local import LocalProvider
from models.columns import new_id
from services.documents.attachments import KeepAttachment, keep_attachment
from services.engine.work import Work
from services.files.pieces import PIECE, PiecesAside, keep_pieces
from tests.services.keys.keeping import Keeping
from tests.services.tenancy.counter import Counter
from tests.world import HANDFUL, running_world

#: The smallest picture: one grey dot.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c636000000002000148afa4710000000049454e44ae426082"
)


@pytest.fixture(scope="module")
def keeping(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keeping]:
    """Three filed leases with their papers, a file somebody handed in, and a long one in pieces."""
    folder = tmp_path_factory.mktemp("keys")
    provider = LocalProvider(folder, mode="test")
    with running_world(database_url, few=HANDFUL, keys=provider) as world:
        world.stand_at(2027, 3, 1)
        counter = Counter(world)
        for _ in range(3):
            filed = counter.filed()
            counter.draw_papers(filed.contract_id, filed.filing_id)
        world.door.perform(keep_attachment, counter.clerk(), KeepAttachment("合同", "a.png", PNG))
        world.act(long_file)
        yield Keeping(counter, provider, folder)


def long_file(work: Work) -> None:
    """A file of two pieces, as an export leaves it."""
    file = PiecesAside(work.sealer)
    file.write(bytes(PIECE + 1))
    file.finish()
    keep_pieces(work, new_id(), file)
