"""销售系统消息: messages that wait or were set aside (row 76)."""

from services.sales.news_list import NEWS
from ui.shell.list_view import list_module

SALE_NEWS = list_module(NEWS, "sale_news", "mark_email_unread", "exchange")
