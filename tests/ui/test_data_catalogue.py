"""数据编目: a table in hand shows its columns with level and protection."""

from tests.ui.people import Crowd


async def test_city_staff_browse_tables_and_their_columns(crowd: Crowd) -> None:
    user = await crowd.open("shi01", "/?open=data_catalogue&id=contract_party")
    await user.should_see("合同当事人（contract_party）", retries=30)
    await user.should_see("核验身份、通知当事人", retries=30)


async def test_a_search_narrows_the_tables(crowd: Crowd) -> None:
    user = await crowd.open("shi02", "/?open=data_catalogue&word=资金监管账户")
    # Of rental firms and of project companies.
    await user.should_see("共 2 条", retries=30)


async def test_a_clerk_has_no_such_module(crowd: Crowd) -> None:
    user = await crowd.open("huamu01", "/?open=data_catalogue&id=contract_party")
    await user.should_not_see("合同当事人（contract_party）")
