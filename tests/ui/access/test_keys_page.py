"""密钥管理: what there is, a rotation with its reason, and an end that must be typed."""

from sqlmodel import select

from models.keys import KeyRotation
from services.engine.callers import SYSTEM
from services.keys.life import follow_keys
from tests.ui.people import Crowd
from tests.world import World, provider

ROTATED = "sig.api"


def newest(family: str) -> str:
    return provider().keys(family)[-1].kid


def active(family: str) -> str:
    return next(key.kid for key in provider().keys(family) if key.state == "active")


async def test_a_family_is_rotated_with_a_reason(crowd: Crowd, world: World) -> None:
    old = active(ROTATED)
    user = await crowd.open("anquan01", f"/?open=keys&kid={old}")
    await user.should_see("接口应答签名", retries=30)
    await user.should_see("签名用时", retries=30)
    user.find(marker="rotate").click()
    await user.should_see("期间业务照常办理", retries=30)
    user.find(marker="dialog-text").type("换")
    user.find(marker="dialog-yes").click()
    await user.should_see("不少于4个字", retries=30)
    user.find(marker="dialog-text").type("年度例行轮换")
    user.find(marker="dialog-yes").click()
    await user.should_see("已生成新密钥并启用", retries=30)
    assert active(ROTATED) == newest(ROTATED) != old
    rows = world.read(lambda work: work.session.exec(select(KeyRotation).where(KeyRotation.old_kid == old)).all())
    assert [row.new_kid for row in rows] == [active(ROTATED)]


async def test_the_public_keys_that_partners_need_are_shown(crowd: Crowd) -> None:
    for family in ("sig.api", "enc.api"):
        user = await crowd.open("anquan01", f"/?open=keys&kid={active(family)}")
        await user.should_see(
            " ".join(provider().public_key(family)[at : at + 8] for at in range(0, 24, 8)), retries=30
        )
        await user.should_see("shfg-rental-test")


async def test_a_key_in_use_can_be_neither_destroyed_nor_declared_compromised(crowd: Crowd) -> None:
    user = await crowd.open("anquan01", f"/?open=keys&kid={active('dek.pii')}")
    await user.should_see("未清点", retries=30)
    await user.should_not_see("销毁")
    await user.should_not_see("登记泄露")


async def test_uses_are_counted(crowd: Crowd, world: World) -> None:
    world.door.perform(follow_keys, SYSTEM, None)
    user = await crowd.open("anquan01", f"/?open=keys&kid={active('dek.auth')}")
    await user.should_see("使用数据", retries=30)
    user.find(marker="count").click()
    await user.should_see("项数据使用该密钥", retries=30)


async def test_a_retired_key_is_destroyed_only_when_its_name_was_typed(crowd: Crowd) -> None:
    provider().rotate(ROTATED)
    retired = next(key.kid for key in reversed(provider().keys(ROTATED)) if key.state == "retired")
    user = await crowd.open("anquan01", f"/?open=keys&kid={retired}")
    await user.should_see("已退役", retries=30)
    user.find(marker="destroy").click()
    await user.should_see("销毁后不能恢复", retries=30)
    user.find(marker="dialog-text").type("sig")
    user.find(marker="dialog-yes").click()
    await user.should_see("输入的内容不一致", retries=30)
    user.find(marker="dialog-text").clear().type(retired)
    user.find(marker="dialog-yes").click()
    await user.should_see("请说明销毁的理由", retries=30)
    user.find(marker="dialog-text").type("密钥已停用一年")
    user.find(marker="dialog-yes").click()
    await user.should_see("已销毁", retries=30)
    assert {key.kid: key.state for key in provider().keys(ROTATED)}[retired] == "destroyed"


async def test_nobody_else_has_the_page(crowd: Crowd) -> None:
    for login in ("shi01", "huamu01"):
        user = await crowd.open(login, "/?open=keys")
        await user.should_not_see("接口应答签名")
