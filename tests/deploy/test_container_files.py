"""The image, the compose files and the manifests: no root, nothing writable but volumes, probes there, no registry named.

Their own tools read them; the image itself is built and run by `deploy/image_walk.sh`.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate  # type: ignore[import-untyped]
import pytest
import yaml  # type: ignore[import-untyped]

from deploy.settings import Settings
from tests.browser import ROOT

FOLDER = ROOT / "deploy" / "container"
ACCOUNT = 10001
OTHERS = {"RELEASE_PUB", "PGPASSFILE"}


def pods() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every pod of the manifests by the name of what makes it."""
    for path in (FOLDER / "kubernetes").glob("*.yaml"):
        for one in yaml.safe_load_all(path.read_text()):
            spec = one.get("spec", {})
            spec = spec.get("jobTemplate", {}).get("spec", spec)
            if "template" in spec:
                yield one["metadata"]["name"], spec["template"]["spec"]


def ours(pod: dict[str, Any]) -> dict[str, Any]:
    (found,) = [one for one in pod["containers"] if one["image"].startswith("shenfang:")]
    return dict(found)


@pytest.mark.parametrize(("name", "pod"), list(pods()))
def test_a_pod_runs_without_root_on_a_root_that_is_only_read(name: str, pod: dict[str, Any]) -> None:
    assert (pod["securityContext"]["runAsNonRoot"], pod["securityContext"]["runAsUser"]) == (True, ACCOUNT)
    assert pod["automountServiceAccountToken"] is False
    assert ours(pod)["securityContext"] == {
        "readOnlyRootFilesystem": True,
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
    }
    volumes = {volume["name"] for volume in pod["volumes"]}
    assert {mount["name"] for one in pod["containers"] for mount in one["volumeMounts"]} <= volumes, name


def test_web_and_worker_are_probed_and_one_web_pod_always_stays() -> None:
    found = dict(pods())
    for name in ("shenfang-web", "shenfang-worker"):
        for probe, path in (("startupProbe", "/livez"), ("livenessProbe", "/livez"), ("readinessProbe", "/readyz")):
            assert ours(found[name])[probe]["httpGet"] == {"path": path, "port": "metrics"}
    documents = list(yaml.safe_load_all((FOLDER / "kubernetes" / "shenfang.yaml").read_text()))
    (budget,) = [one for one in documents if one["kind"] == "PodDisruptionBudget"]
    assert budget["spec"]["minAvailable"] == 1


def test_settings_of_the_manifests_and_compose_files_are_known() -> None:
    known = {name.upper() for name in Settings.model_fields} | OTHERS
    documents = list(yaml.safe_load_all((FOLDER / "kubernetes" / "shenfang.yaml").read_text()))
    (settings,) = [one["data"] for one in documents if one["kind"] == "ConfigMap"]
    assert settings.keys() <= known
    for name in ("compose.yaml", "compose.demo.yaml"):
        for service in yaml.safe_load((FOLDER / name).read_text())["services"].values():
            if "SHENFANG_IMAGE" in service["image"]:
                assert service["environment"].keys() <= known
                assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])


@pytest.mark.parametrize("version", ["1.28", "1.37"])
def test_manifests_are_those_that_kubernetes_knows(version: str) -> None:
    """Every object by the schema of its kind, without a property that the kind does not have."""
    documents = [one for path in (FOLDER / "kubernetes").glob("*.yaml") for one in yaml.safe_load_all(path.read_text())]
    assert {one["kind"] for one in documents} >= {"ConfigMap", "CronJob", "Deployment", "Job", "PodDisruptionBudget"}
    for one in documents:
        kubernetes_validate.validate(one, version, strict=True)


@pytest.mark.parametrize("name", ["compose.yaml", "compose.demo.yaml"])
def test_a_compose_file_is_read_by_its_own_tool(name: str) -> None:
    given = {"SHENFANG_IMAGE": "shenfang:1", "PGBOUNCER_IMAGE": "pgbouncer:1", "RELEASE_PUB": "/media/release.pub"}
    # Nothing is started, so that podman itself may be missing.
    told = own_tool("podman-compose", "--dry-run", "-f", name, "config", **given)
    assert (told.returncode, told.stderr) == (0, "")
    assert "read_only: true" in told.stdout


def test_the_two_processes_of_the_demo_container_have_ports_of_their_own() -> None:
    ports = dict(re.findall(r"\b(METRICS_PORT|WORKER_METRICS_PORT)=(\d+)", (FOLDER / "Containerfile").read_text()))
    ports |= yaml.safe_load((FOLDER / "compose.demo.yaml").read_text())["services"]["demo"]["environment"]
    assert ports["METRICS_PORT"] != ports["WORKER_METRICS_PORT"]


def own_tool(name: str, *order: str, **given: str) -> subprocess.CompletedProcess[str]:
    program = Path(sys.prefix) / "bin" / name
    environment = {"PATH": "/usr/bin:/bin", **given}
    return subprocess.run([program, *order], cwd=FOLDER, env=environment, capture_output=True, text=True, check=False)


def test_no_image_names_a_registry() -> None:
    text = "\n".join(path.read_text() for path in sorted(FOLDER.rglob("*")) if path.is_file())
    images = re.findall(r"(?:^|\s)(?:image:|FROM|ARG BASE=)\s*(\S+)", text)
    assert len(images) >= 8
    assert [image for image in images if "/" in image] == []


def test_the_site_and_the_passwords_are_made_once(tmp_path: Path) -> None:
    def prepare() -> str:
        subprocess.run(["bash", FOLDER / "prepare.sh", "zufang.test.local", tmp_path], check=True, capture_output=True)
        return (tmp_path / "secrets" / "database.password").read_text()

    password = prepare()
    (tmp_path / "shenfang.env").write_text("MODE=production\n")
    pooler = (tmp_path / "pgbouncer" / "pgbouncer.ini").read_text()
    assert "host=database port=5432" in pooler
    assert "host=replica port=5432" in pooler
    # What was led to another database stays there.
    (tmp_path / "pgbouncer" / "pgbouncer.ini").write_text(pooler.replace("host=database", "host=replica"))
    assert prepare() == password
    assert "host=database" not in (tmp_path / "pgbouncer" / "pgbouncer.ini").read_text()
    assert len(password) >= 24
    assert (tmp_path / "shenfang.env").read_text() == "MODE=production\n"
    assert "server_name zufang.test.local;" in (tmp_path / "nginx.conf").read_text()
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "secrets" / "pgpass").stat().st_mode & 0o777 == 0o600
