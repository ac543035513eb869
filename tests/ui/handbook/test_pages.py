"""The handbook's pages: chapters with what they lack, compiled, compared, archived and verified at the desk (rows 77-79)."""

from uuid import UUID

import pytest

from models.handbooks import HandbookArchive
from services.handbook.archives import ArchiveHandbook, archive_handbook
from services.handbook.versions import compile_handbook
from tests.land import Land
from tests.ui.people import Crowd, until
from tests.ui.tenancy.hands import WAIT, answer, key, rows

COMPANY, REVIEWER = "binjiang_admin", "pdshen01"


@pytest.fixture(scope="module")
def project(land: Land) -> UUID:
    made = land.project("P-1")
    land.market.world.door.perform(compile_handbook, land.market.caller(COMPANY), made)
    return made


def archives(land: Land, project: UUID) -> int:
    def read(work: object) -> int:
        return len(work.rows(HandbookArchive, HandbookArchive.project_id == project))  # type: ignore[attr-defined]

    found: int = land.market.world.read(read)
    return found


@pytest.mark.row(77)
async def test_chapters_show_what_they_lack_and_offer_to_fill_it_in(crowd: Crowd, project: UUID) -> None:
    user = await crowd.open(COMPANY, f"/?open=handbooks&project={project}")
    await user.should_see("1.0 版", retries=WAIT)
    chapters = {row["title"]: row for row in rows(user, "章节")}
    assert "用地规划许可证" in chapters["规划阶段"]["missing"]
    assert chapters["企业情况"]["records"] != "0"
    await user.should_see("用地规划许可证", retries=WAIT)


@pytest.mark.row(77)
async def test_compiling_without_a_change_says_so(crowd: Crowd, project: UUID) -> None:
    user = await crowd.open(COMPANY, f"/?open=handbooks&project={project}")
    await user.should_see("1.0 版", retries=WAIT)
    key(user, "f4")
    await user.should_see("内容没有变化，现行版仍为1.0", retries=WAIT)


@pytest.mark.row(78)
async def test_a_first_version_differs_from_nothing(crowd: Crowd, project: UUID) -> None:
    user = await crowd.open(REVIEWER, f"/?open=handbooks&project={project}")
    await user.should_see("1.0 版", retries=WAIT)
    key(user, "f6")
    await user.should_see("与上一版的不同", retries=WAIT)


@pytest.mark.row(79)
async def test_a_handbook_is_put_aside_with_a_reason_and_verified(crowd: Crowd, land: Land, project: UUID) -> None:
    user = await crowd.open(COMPANY, f"/?open=handbooks&project={project}")
    await user.should_see("1.0 版", retries=WAIT)
    before = archives(land, project)
    key(user, "f8")
    await answer(user, "阶段检查需要归档")
    await user.should_see("已归档", retries=WAIT)
    assert archives(land, project) == before + 1
    reviewer = await crowd.open(REVIEWER, "/?open=handbook_archives")
    await reviewer.should_see("归档编号", retries=WAIT)
    key(reviewer, "f8")
    await reviewer.should_see("核验完好", retries=WAIT)


@pytest.mark.row(79)
async def test_a_person_of_another_company_sees_no_archive(crowd: Crowd, land: Land, project: UUID) -> None:
    door = land.market.world.door
    door.perform(archive_handbook, land.market.caller(COMPANY), ArchiveHandbook(project, "阶段检查需要归档"))
    user = await crowd.open("xincheng_admin", "/?open=handbook_archives")
    assert await until(lambda: user is not None)
    await user.should_see("还没有归档", retries=WAIT)
