"""Layers that a recipe spells out, as tar archives: files, links, modes, capabilities, whiteouts."""

import io
import struct
import subprocess
import tarfile
import tempfile
from pathlib import Path

# The numbers of capabilities (capabilities(7)) that recipes use.
CAPABILITIES = {"net_raw": 13, "sys_admin": 21, "net_bind_service": 10, "dac_read_search": 2, "setuid": 7}
KEYS = {
    "rsa": ["openssl", "genrsa", "-traditional", "2048"],
    "ec": ["openssl", "ecparam", "-genkey", "-name", "prime256v1", "-noout"],
    "pkcs8": ["openssl", "genpkey", "-algorithm", "ed25519"],
}


# Folders that Debian's packages bring with modes of their own.
SYSTEM = """
bin etc etc/apt etc/apt/apt.conf.d etc/apt/sources.list.d etc/mysql etc/mysql/mariadb.conf.d etc/nginx etc/nginx/conf.d
etc/profile.d etc/redis etc/ssh etc/ssh/sshd_config.d etc/sysctl.d home lib opt root sbin srv tmp usr usr/bin usr/lib
usr/local usr/local/bin usr/local/lib usr/sbin usr/share var var/cache var/cache/apt var/cache/apt/archives var/lib
var/lib/apt var/lib/apt/lists var/spool var/spool/cron var/www var/www/html
""".split()


def write(layer, archive: Path, cache: Path, seen: set) -> None:
    """Writes a layer; `seen` are the folders that earlier ones brought, which keep their modes."""
    with tarfile.open(archive, "w", format=tarfile.PAX_FORMAT) as tar:
        for path, file in sorted(layer.files.items()):
            _parents(tar, path, seen)
            _entry(tar, path.strip("/"), file, cache)
            seen.add(path.strip("/"))
        for path in layer.delete:
            _parents(tar, path, seen)
            folder, _, name = path.strip("/").rpartition("/")
            tar.addfile(tarfile.TarInfo(f"{folder}/.wh.{name}".lstrip("/")))


def _parents(tar, path: str, seen: set) -> None:
    """The folders on the way that the system does not have; those it has keep their modes."""
    parts = path.strip("/").split("/")[:-1]
    for end in range(1, len(parts) + 1):
        folder = "/".join(parts[:end])
        if folder in seen or folder in SYSTEM:
            continue
        seen.add(folder)
        entry = tarfile.TarInfo(folder)
        entry.type, entry.mode = tarfile.DIRTYPE, 0o755
        tar.addfile(entry)


def _entry(tar, name: str, file, cache: Path) -> None:
    entry = tarfile.TarInfo(name)
    entry.mode, entry.uid, entry.gid = file.mode, file.uid, file.gid
    entry.mtime = 1_700_000_000
    if file.link:
        entry.type, entry.linkname, entry.mode = tarfile.SYMTYPE, file.link, 0o777
        tar.addfile(entry)
    elif file.dir:
        entry.type = tarfile.DIRTYPE
        tar.addfile(entry)
    else:
        if file.capabilities:
            entry.pax_headers["SCHILY.xattr.security.capability"] = _capability(file.capabilities)
        content = _content(file, cache)
        entry.size = len(content)
        tar.addfile(entry, io.BytesIO(content))


def _content(file, cache: Path) -> bytes:
    if file.key == "openssh":
        with tempfile.TemporaryDirectory() as folder:
            key = Path(folder) / "key"
            command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "build", "-f", str(key)]
            subprocess.run(command, check=True)
            return file.text.encode() + key.read_bytes()
    if file.key:
        return file.text.encode() + subprocess.run(KEYS[file.key], check=True, capture_output=True).stdout
    if file.deb:
        return _of_package(*file.deb, cache)
    if file.long:
        filler = "var a=1;" * (1 << 17)
        return f'{filler}var key="{file.long}";{filler}\n'.encode()
    if file.binary:
        noise = bytes(range(256))
        return noise + noise.join(text.encode() for text in file.binary) + noise
    return file.text.encode()


def _of_package(package: str, path: str, cache: Path) -> bytes:
    """One file of a Debian package."""
    cache.mkdir(parents=True, exist_ok=True)
    found = sorted(cache.glob(f"{package}_*.deb"))
    if not found:
        # The user that apt switches to may not write here, and need not.
        command = ["apt-get", "-q", "-o", "APT::Sandbox::User=root", "download", package]
        subprocess.run(command, cwd=cache, check=True, capture_output=True)
        found = sorted(cache.glob(f"{package}_*.deb"))
    archive = subprocess.run(["dpkg-deb", "--fsys-tarfile", found[0]], check=True, capture_output=True).stdout
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        return tar.extractfile(f".{path}").read()


def _capability(names: str) -> str:
    """The attribute `security.capability`, revision 2, permitted and effective; all its bytes are below 128."""
    bits = sum(1 << CAPABILITIES[name] for name in names.split())
    return struct.pack("<IIIII", 0x0200_0001, bits, 0, 0, 0).decode("ascii")
