"""A wrong setting ends a start with one Chinese sentence and 2; what may pass by itself ends it with 1, to be tried again."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.addresses import OPTIONAL, system_urls
from integrations.cloud_crypto.refusal import StartRefused
from integrations.simulators import SYSTEMS
from tests.browser import ROOT

ALL = "{" + ",".join(f'"{name}": "https://{name}.example"' for name in SYSTEMS if name not in OPTIONAL) + "}"


def test_addresses_of_every_system_are_taken_without_the_optional_ones() -> None:
    assert set(system_urls(ALL)) == set(SYSTEMS) - set(OPTIONAL)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        # What is left of the value when a shell reads it without quotes around the whole.
        ("{police:https://p}", "不是 JSON"),
        ('["https://p"]', "应为系统名到地址"),
        ('{"police": ""}', "应为系统名到地址"),
        ('{"police": "https://p"}', "缺少 property_register、public_housing、legal_entities、licence_library"),
        (ALL.replace("police", "polcie"), "缺少 police；没有名为 polcie 的系统"),
    ],
)
def test_addresses_that_are_not_whole_are_told_by_name(text: str, words: str) -> None:
    with pytest.raises(StartRefused, match="SYSTEM_URLS") as refused:
        system_urls(text)
    assert words in str(refused.value)


def start(folder: Path, **settings: str) -> tuple[int, str]:
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(folder / "data"), "MODE": "test", **settings}
    command = [sys.executable, str(ROOT / "main.py"), "prepare"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    ("settings", "code", "words"),
    [
        ({"PORT": "eight", "MODE": "prod"}, 2, "设置的值不可用：MODE；PORT"),
        ({"SYSTEM_URLS": "{police:https://p}"}, 2, "SYSTEM_URLS"),
        ({"ENVIRONMENT_ID": "申房"}, 2, "ENVIRONMENT_ID"),
        ({"DATABASE_URL": "postgresql://x@127.0.0.1:1/x"}, 1, "数据库没有应答"),
        ({"ROOT_KEY_FILE": "/proc/root.key"}, 1, "/proc/root.key"),
    ],
)
def test_a_start_that_fails_says_why_in_one_sentence(
    tmp_path: Path, settings: dict[str, str], code: int, words: str
) -> None:
    returned, told = start(tmp_path, **settings)
    assert (returned, "Traceback" in told) == (code, False)
    assert words in told
