"""A real nginx with the project's own file (deploy/nginx.conf), in a folder and on ports of its own."""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.durability.served import PATIENCE, ROOT, ask, wait_until
from tests.stores import free_port

NO_NGINX = "left out: nginx is not on this machine"
FOLDERS = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def find_nginx() -> str | None:
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def written(folder: Path, ports: Sequence[int], plain: int, secure: int, *, tls: bool) -> Path:
    """The whole configuration; without `tls`, its second server speaks plain HTTP."""
    told = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    for number, port in zip(("8001", "8002", "8003"), ports, strict=True):
        told, changed = re.subn(rf"127\.0\.0\.1:{number}\b", f"127.0.0.1:{port}", told)
        assert changed == 1
    told = told.replace("listen 80;", f"listen 127.0.0.1:{plain};")
    told = told.replace("listen 443 ssl;", f"listen 127.0.0.1:{secure}{' ssl' if tls else ''};")
    told = told.replace("/var/log/nginx/", f"{folder}/")
    if tls:
        _certificate(folder)
        told = re.sub(r"/etc/letsencrypt/live/[^/]+/", f"{folder}/", told)
    else:
        told = re.sub(r"ssl_certificate.*;", "", told)
    user = "user root;" if os.geteuid() == 0 else ""
    places = "\n".join(f"{name}_temp_path {folder}/{name};" for name in FOLDERS)
    file = folder / "whole.conf"
    file.write_text(
        f"{user} daemon off; pid {folder}/pid; worker_processes 1; error_log {folder}/start.log error;\n"
        f"events {{ worker_connections 256; }}\nhttp {{\naccess_log {folder}/default.log;\n{places}\n{told}\n}}\n",
        encoding="utf-8",
    )
    return file


def checked(folder: Path) -> subprocess.CompletedProcess[str]:
    """`nginx -t` of the file as it is, with a certificate."""
    program = find_nginx()
    assert program is not None
    file = written(folder, (8001, 8002, 8003), free_port(), free_port(), tls=True)
    command = [program, "-t", "-p", str(folder), "-c", str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)


@contextmanager
def proxy(folder: Path, ports: Sequence[int]) -> Iterator[int]:
    """In front of the replicas at these ports; its own port."""
    program = find_nginx()
    assert program is not None
    plain, port = free_port(), free_port()
    file = written(folder, ports, plain, port, tls=False)
    with subprocess.Popen([program, "-p", str(folder), "-c", str(file)]) as process:
        try:
            wait_until(lambda: _answers(port), "nginx did not start")
            yield port
        finally:
            process.terminate()


def _answers(port: int) -> bool:
    try:
        return ask(port, "GET", "/health").status == 404  # not for those outside
    except OSError:
        return False


def _certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ankieta.gmina.pl")])
    begin = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(begin).not_valid_after(begin + dt.timedelta(days=3650))
    pem = serialization.Encoding.PEM
    (folder / "fullchain.pem").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(pem))
    form, none = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "privkey.pem").write_bytes(key.private_bytes(pem, form, none))
