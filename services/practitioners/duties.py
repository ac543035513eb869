"""Posts as a firm names them, and what of the trade each of them does: the word on the card (decision 4)."""

from services.practitioners.import_columns import POSTS

DUTIES = ("居间代理", "房源收储", "客户接待", "业务咨询", "签约备案")
_OF_POST = {
    "店长": "业务咨询",
    "租赁顾问": "居间代理",
    "房源管家": "房源收储",
    "客服专员": "客户接待",
    "运营专员": "业务咨询",
    "资料专员": "签约备案",
    "风控专员": "签约备案",
    "其他": "业务咨询",
}
KNOWN = (*POSTS, *DUTIES)


def duty_of(post: str) -> str:
    """Return the duty of a post; the name of a duty is itself a duty."""
    return _OF_POST.get(post, post if post in DUTIES else "业务咨询")
