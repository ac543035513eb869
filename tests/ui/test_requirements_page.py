"""需求跟踪矩阵: administrators and auditors see each module with its place, manual and tests."""

from tests.ui.people import Crowd


async def test_an_auditor_sees_where_a_module_is_and_how_its_tests_went(crowd: Crowd) -> None:
    user = await crowd.open("shenji01", "/?open=requirements&words=公积金")
    await user.should_see("验收测试（", retries=30)
    await user.should_see("在产品中的位置", retries=30)


async def test_a_clerk_has_no_such_page(crowd: Crowd) -> None:
    user = await crowd.open("huamu01", "/?open=requirements")
    await user.should_not_see("在产品中的位置")
