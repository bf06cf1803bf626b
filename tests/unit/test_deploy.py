"""What lies in deploy/: well-formed, and as strict as docs/production.md says. No cluster tried it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from survey_app.config import secret_weakness
from tests.conftest import leave_out
from tests.durability.proxy import NO_NGINX, checked, find_nginx

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
MANIFESTS = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
VERSION = "1.34"


def documents() -> list[tuple[str, dict[str, Any]]]:
    return [(path.name, one) for path in MANIFESTS for one in yaml.safe_load_all(path.read_text("utf-8"))]


def of_kind(*kinds: str) -> list[dict[str, Any]]:
    return [one for _, one in documents() if one["kind"] in kinds]


def pods() -> dict[str, dict[str, Any]]:
    return {one["metadata"]["name"]: one["spec"]["template"]["spec"] for one in of_kind("Deployment", "Job")}


@pytest.mark.parametrize(
    ("name", "document"), documents(), ids=lambda one: one if isinstance(one, str) else ""
)
def test_manifests_hold_to_the_schemas_of_kubernetes(name: str, document: dict[str, Any]) -> None:
    kubernetes_validate.validate(document, VERSION, strict=True)


def test_a_misspelt_manifest_would_be_found() -> None:
    document = of_kind("Deployment")[0]
    document["spec"]["replica"] = 3
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(document, VERSION, strict=True)


def test_every_pod_runs_without_rights_and_sees_both_places_of_keys() -> None:
    assert set(pods()) == {"diagnoza-web", "diagnoza-worker", "diagnoza-migrate"}
    for pod in pods().values():
        assert pod["automountServiceAccountToken"] is False
        assert pod["securityContext"]["runAsNonRoot"] is True
        claims = {
            one["persistentVolumeClaim"]["claimName"] for one in pod["volumes"] if "emptyDir" not in one
        }
        assert claims == {one["metadata"]["name"] for one in of_kind("PersistentVolumeClaim")}
        (container,) = pod["containers"]
        safe = container["securityContext"]
        assert (safe["readOnlyRootFilesystem"], safe["allowPrivilegeEscalation"]) == (True, False)
        assert safe["capabilities"] == {"drop": ["ALL"]}
    for claim in of_kind("PersistentVolumeClaim"):
        assert claim["spec"]["accessModes"] == ["ReadWriteMany"]


def test_what_the_manifests_point_at_is_there() -> None:
    named = {(one["kind"], one["metadata"]["name"]) for _, one in documents()}
    labels = {one["spec"]["template"]["metadata"]["labels"]["app"] for one in of_kind("Deployment")}
    for one in of_kind("Service"):
        assert one["spec"]["selector"]["app"] in labels
    for pod in pods().values():
        sources = [next(iter(one.items())) for one in pod["containers"][0]["envFrom"]]
        kinds = {"configMapRef": "ConfigMap", "secretRef": "Secret"}
        assert {(kinds[key], value["name"]) for key, value in sources} <= named
    for one in of_kind("Ingress"):
        for path in one["spec"]["rules"][0]["http"]["paths"]:
            assert ("Service", path["backend"]["service"]["name"]) in named


def test_a_stopped_replica_has_time_for_what_is_in_hand() -> None:
    from survey_app.web.server import DRAIN_SECONDS, GRACE_SECONDS

    web = pods()["diagnoza-web"]
    pause = int(web["containers"][0]["lifecycle"]["preStop"]["exec"]["command"][1])
    assert web["terminationGracePeriodSeconds"] > pause + GRACE_SECONDS > pause + DRAIN_SECONDS
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]
    assert int(services["web-1"]["stop_grace_period"].rstrip("s")) > GRACE_SECONDS
    for unit in DEPLOY.glob("diagnoza-lokalna*.service"):
        told = re.findall(r"^TimeoutStopSec=(\d+)$", unit.read_text("utf-8"), re.M)
        assert all(int(seconds) > GRACE_SECONDS for seconds in told)


def test_only_the_panel_has_an_access_log_in_the_cluster() -> None:
    logged = [
        path["path"]
        for one in of_kind("Ingress")
        if one["metadata"]["annotations"].get("nginx.ingress.kubernetes.io/enable-access-log") != "false"
        for path in one["spec"]["rules"][0]["http"]["paths"]
    ]
    assert logged == ["/panel"]


def test_the_services_of_compose_run_without_rights() -> None:
    told = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    for name, one in told["services"].items():
        assert set(one.get("networks", [])) <= set(told["networks"]), name
        for needed in one.get("depends_on", {}):
            assert needed in told["services"], name
        for volume in one.get("volumes", []):
            source = volume.split(":")[0]
            assert source in told["volumes"] or (DEPLOY / source).exists(), f"{name}: {source}"
    own = {name: one for name, one in told["services"].items() if "env_file" in one}
    assert set(own) == {"migrate", "web-1", "web-2", "web-3", "worker"}
    for one in own.values():
        assert (one["user"], one["read_only"], one["cap_drop"]) == ("10001:10001", True, ["ALL"])
        assert {volume.split(":")[0] for volume in one["volumes"]} == {"keys-1", "keys-2"}
        assert one["memswap_limit"] == one["mem_limit"], "no swap"
        assert one["ulimits"] == {"core": 0}
    assert own["migrate"]["command"] == ["db", "upgrade"]


def test_compose_tells_postgresql_all_that_its_file_says() -> None:
    told = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]["db"]["command"]
    given = dict(one.removeprefix("-c").split("=") for one in told[1:])
    said = re.findall(r"^(\w+) = (\S+)$", (DEPLOY / "postgresql.conf").read_text("utf-8"), re.M)
    assert {name: value for name, value in said if name != "track_activities"} == given


def test_no_example_of_a_secret_would_be_taken_for_one() -> None:
    for secret in of_kind("Secret"):
        for name in ("SECRET_KEY", "METRICS_TOKEN"):
            assert secret_weakness(secret["stringData"][name])
    assert re.search(r"^SECRET_KEY=$", (DEPLOY / "environment.example").read_text("utf-8"), re.M)


def test_nginx_takes_its_file_as_it_is(tmp_path: Path) -> None:
    if find_nginx() is None:
        leave_out(NO_NGINX)
    done = checked(tmp_path)
    assert done.returncode == 0, done.stderr


def test_the_two_units_of_the_service_differ_in_their_port_alone() -> None:
    one = (DEPLOY / "diagnoza-lokalna.service").read_text("utf-8").splitlines()
    many = (DEPLOY / "diagnoza-lokalna@.service").read_text("utf-8").replace("%i", "8000").splitlines()
    assert one[one.index("[Service]") :] == many[many.index("[Service]") :]
