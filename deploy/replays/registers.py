"""The registers of a replay: simulators over the given base table of houses, and the police as a recorded table."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from integrations.simulators import Simulators
from integrations.systems import systems_at
from integrations.wire.outbound import Outbound, Outside
from models.normal import normal
from models.own_data import DATA
from services.engine.refusals import Rejected
from services.ports.answers import Answer, PersonQuestion, SamePerson, hit, silent
from services.ports.systems import POLICE, Systems


@dataclass(frozen=True)
class RecordedPolice:
    """The police as a recorded table: a pair that is not listed agrees, and TIMEOUT is silence."""

    answers: Mapping[tuple[str, str], str]

    def same_person(self, question: PersonQuestion) -> Answer[SamePerson]:
        """Compare a name and a number."""
        told = self.answers.get(_pair(question.name, question.id_no), "MATCH")
        return silent("公安人口库") if told == "TIMEOUT" else hit("公安人口库", SamePerson(told == "MATCH"))


def _pair(name: str, id_no: str) -> tuple[str, str]:
    return normal("name", name), normal("id_no", id_no)


def recorded_police(rows: list[dict[str, str]]) -> RecordedPolice:
    """Read the recorded answers: name, id_no, answer."""
    return RecordedPolice({_pair(row["name"], row["id_no"]): row["answer"] for row in rows})


@contextmanager
def registers_over(houses: Path, police: RecordedPolice) -> Iterator[Systems]:
    """Serve the registers from a CSV of houses in the layout of the houses data set."""
    simulators = Simulators(mode="test")
    with TemporaryDirectory(prefix="shenfang-registers-") as name:
        folder = Path(name)
        shutil.copytree(DATA / "fixtures", folder / "fixtures")
        # Only the given houses exist.
        (folder / "fixtures" / "houses.csv").unlink()
        try:
            shutil.copyfile(houses, folder / "houses_2000.csv")
        except OSError:
            raise Rejected(f"文件“{houses.name}”不存在，请核对目录") from None
        simulators.start(folder)
        try:
            systems = systems_at(simulators.urls(), Outside(Outbound.of_mode("test")))
            yield Systems({**systems.clients, POLICE.name: police})
        finally:
            simulators.stop()
