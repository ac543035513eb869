"""Addresses of the outside systems from SYSTEM_URLS; missing or misspelt ones are named."""

import json

from deploy.settings import Settings
from integrations.cloud_crypto.refusal import StartRefused
from integrations.systems import outside_systems
from integrations.wire.outbound import BadAddress, Outbound


def system_urls(text: str) -> dict[str, str]:
    """System to address. Raises `StartRefused` with what is to be mended."""
    example = """SYSTEM_URLS='{"property_register": "https://…"}'（整个值放在单引号内）"""
    try:
        urls = json.loads(text)
    except ValueError:
        raise StartRefused(f"SYSTEM_URLS 设置有误：不是 JSON，应如 {example}") from None
    if not isinstance(urls, dict) or not all(isinstance(url, str) and url for url in urls.values()):
        raise StartRefused(f"SYSTEM_URLS 设置有误：应为系统名到地址，如 {example}")
    systems = {system.name: system for system in outside_systems()}
    missing = [name for name, system in systems.items() if name not in urls and not system.optional]
    strange = [name for name in urls if name not in systems]
    told = []
    if missing:
        told.append(f"缺少 {'、'.join(missing)}")
    if strange:
        told.append(f"没有名为 {'、'.join(strange)} 的系统")
    if told:
        raise StartRefused(f"SYSTEM_URLS 设置有误：{'；'.join(told)}。系统名为 {'、'.join(systems)}")
    return urls


def outbound_policy(settings: Settings, urls: dict[str, str]) -> Outbound:
    """Return the policy for calls out; refuse a system's address that may not be called before anything starts."""
    try:
        policy = Outbound.of_mode(settings.mode, settings.outbound_networks)
    except BadAddress as problem:
        raise StartRefused(f"OUTBOUND_NETWORKS 设置有误：{problem}") from None
    for system, url in urls.items():
        try:
            policy.check_url(url)
        except BadAddress as problem:
            raise StartRefused(f"SYSTEM_URLS 中 {system} 的地址不可用：{problem}") from None
    return policy
