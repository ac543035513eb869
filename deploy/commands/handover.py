"""`main.py handover`: the documents of the acceptance as Word and PDF, made of what the product knows of itself."""

import argparse
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from deploy.commands import OpenHouse, Settings, refuse
from deploy.handover.documents import ROOT, documents, version
from deploy.handover.edition import Edition
from deploy.handover.pdf_file import write_pdf
from deploy.handover.word_file import write_word
from services.engine.clock import SHANGHAI, system_now

HELP = "验收文档：需求、设计、接口、测试、手册等，导出为 Word 和 PDF"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="写到这个目录")
    parser.add_argument("--only", type=int, nargs="*", default=[], metavar="N", help="只写这几份，按文档序号")
    parser.add_argument("--build", default="", help="封面上的构建号")


def run(settings: Settings, arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    try:
        arguments.out.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        return refuse(f"目录 {arguments.out} 不能写入：{problem.strerror}")
    edition = Edition(version(), arguments.build, _commit(), _now())
    for document in documents():
        if arguments.only and document.number not in arguments.only:
            continue
        write_word(document, edition, arguments.out / f"{document.name}.docx")
        write_pdf(document, edition, arguments.out / f"{document.name}.pdf")
        sys.stdout.write(f"{document.name}\n")
    return 0


def _now() -> datetime:
    return system_now().astimezone(SHANGHAI)


def _commit() -> str:
    """The commit of the sources, empty where they are no checkout."""
    try:
        asked = ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"]
        return subprocess.run(asked, capture_output=True, text=True, timeout=10, check=True).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return ""
