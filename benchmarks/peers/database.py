"""A PostgreSQL of the benchmark's own: in a temporary folder, on the loopback address alone, gone at the end."""
import contextlib
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

SETTINGS = {
    "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "shared_buffers": "1GB", "maintenance_work_mem": "512MB",
    "max_wal_size": "4GB", "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off",
    "client_connection_check_interval": "1s",  # a query whose peer was ended does not go on
}


class Absent(Exception):
    """No PostgreSQL with PostGIS is installed; the text says what is missing."""


def server_folder():
    """The newest of Debian's that has PostGIS."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (Path("/usr/share/postgresql") / folder.parent.name / "extension/postgis.control").exists():
            return folder
    raise Absent("no PostgreSQL with PostGIS under /usr/lib/postgresql (scripts/install-peers installs it)")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def run(words, folder):
    """As the user `postgres` where we are root, which PostgreSQL refuses."""
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    done = subprocess.run([*as_user, *map(str, words)], cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        raise Absent(f"{Path(words[0]).name}: {(done.stderr or done.stdout).strip()[-300:]}")


@contextlib.contextmanager
def temporary_database():
    """@return what psycopg connects by"""
    programs = server_folder()
    folder = Path(tempfile.mkdtemp(prefix="tuban-peers-"))
    try:
        password = secrets.token_hex(16)
        (folder / "password").write_text(password)
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            for path in (folder, folder / "password"):
                os.chown(path, owner.pw_uid, owner.pw_gid)
        data = folder / "data"
        run([programs / "initdb", "-D", data, "-U", "tuban", "-A", "scram-sha-256", f"--pwfile={folder / 'password'}", "-E", "UTF8",
             "--locale=C", "--no-sync"], folder)
        port = free_port()
        options = " ".join(f"-c {name}={value or chr(39) * 2}" for name, value in {**SETTINGS, "port": port}.items())
        run([programs / "pg_ctl", "-D", data, "-l", folder / "log", "-o", options, "-w", "start"], folder)
        try:
            yield f"host=127.0.0.1 port={port} user=tuban password={password} dbname=postgres"
        finally:
            run([programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"], folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
