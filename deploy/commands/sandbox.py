"""`main.py sandbox`: the product and simulated partners for developers of partners, with a page of their own."""

import argparse
import sys

from deploy.commands import OpenHouse, Settings, refuse

HELP = "对接沙箱：启动系统和模拟对接方，附密钥、样例报文、故障按钮的网页"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8090, help="端口，默认 8090")


def run(settings: Settings, arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    from main import serve

    if settings.mode == "production":
        return refuse("沙箱不得在正式环境启动")
    if settings.system_urls:
        return refuse("沙箱只与模拟对接方往来，请去掉 SYSTEM_URLS 设置")
    # Keys and data of its own: what is publicly known must not lie beside a demo that others look at.
    own = {"mode": "test", "sandbox": True, "port": arguments.port, "data_dir": settings.data_dir / "sandbox"}
    sandbox = settings.model_copy(update=own | {"database_url": "", "read_database_url": ""})
    sys.stdout.write(f"对接沙箱：{sandbox.reachable_at}/api/sandbox/\n")
    sys.stdout.flush()
    serve(sandbox)
    return 0
