"""What a process told its disk, in which order, and what of it was safe at a moment: a power cut, simulated.

The model is the strictest that POSIX allows: a write is on the disk only after an fsync or fdatasync of its file that
began after the write was done, a new or changed name only after an fsync of its folder. Until then any part of it
may have reached the disk, or none (`cut` takes a chance for that). Files that are written through a map of memory are
beyond a trace; of ours only SQLite's index of its log is, which is made anew after a crash.
"""

from __future__ import annotations

import random
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

NO_STRACE = "left out: strace is not on this machine, or may not trace"
CALLS = (
    "openat,write,pwrite64,pwritev,pwritev2,fsync,fdatasync,ftruncate,fallocate,lseek,"
    "rename,renameat,renameat2,unlink,unlinkat,sendto"
)
_LINE = re.compile(rb"^(\d+) +(\d+\.\d+) (.*?)(?: <(\d+\.\d+)>)?$")
_CALL = re.compile(rb"^(\w+)\((.*)\) += +(-?\d+)(?:<(.*)>)?(?: .*)?$")
_FD = re.compile(rb"^(\d+)<([^>]*)>")
_STRING = re.compile(rb'"((?:\\x[0-9a-f]{2})*)"')


def command(out: Path, *more: str) -> tuple[str, ...]:
    """To be put before the command that is to be traced."""
    options = [
        "-f",
        "--seccomp-bpf",
        "-qq",
        "-y",
        "-xx",
        "-ttt",
        "-T",
        "-s",
        "4000000",
        "-e",
        f"trace={CALLS}",
    ]
    return ("strace", *options, *more, "-o", str(out))


@cache
def strace_works() -> bool:
    if shutil.which("strace") is None:
        return False
    tried = ["strace", "-f", "--seccomp-bpf", "-e", "trace=fsync", "-o", "/dev/null", "true"]
    return subprocess.run(tried, capture_output=True, check=False).returncode == 0


@dataclass(frozen=True, slots=True)
class Event:
    """One call that succeeded. `rest`: its arguments after the file; `data`: the bytes that it wrote."""

    begun: float
    done: float
    process: int
    call: str
    fd: int
    path: str
    rest: bytes
    result: int
    data: bytes = b""


def read_trace(file: Path) -> list[Event]:
    """In the order in which the calls were done."""
    return sorted(_events(file), key=lambda one: one.done)


def _events(file: Path) -> Iterator[Event]:
    waiting: dict[bytes, tuple[float, bytes]] = {}
    for line in file.read_bytes().splitlines():
        found = _LINE.match(line)
        if found is None:
            continue
        process, moment, told, lasted = found[1], float(found[2]), found[3], float(found[4] or 0)
        if told.endswith(b" <unfinished ...>"):
            waiting[process] = moment, told.removesuffix(b" <unfinished ...>")
            continue
        begun, done = moment, moment + lasted
        if told.startswith(b"<... "):
            begun, start = waiting.pop(process)
            told, done = start + told.partition(b" resumed>")[2], moment
        call = _CALL.match(told)
        if call is not None and int(call[3]) >= 0:
            yield _event(int(process), begun, done, call)


def _event(process: int, begun: float, done: float, call: re.Match[bytes]) -> Event:
    name, arguments, result = call[1].decode(), call[2], int(call[3])
    if name == "openat":
        return Event(begun, done, process, name, result, _unescaped(call[4] or b""), arguments, result)
    if name.startswith(("rename", "unlink")):
        return Event(begun, done, process, name, -1, "", arguments, result)
    at = _FD.match(arguments)
    fd, path = (int(at[1]), _unescaped(at[2])) if at else (-1, "")
    rest = arguments[at.end() :] if at else arguments
    data = b"".join(bytes.fromhex(one.replace(b"\\x", b"").decode()) for one in _STRING.findall(rest))
    return Event(begun, done, process, name, fd, path, _STRING.sub(b"", rest), result, data)


def _unescaped(name: bytes) -> str:
    return (
        bytes.fromhex(name.replace(b"\\x", b"").decode()).decode()
        if name.startswith(b"\\x")
        else name.decode()
    )


@dataclass(frozen=True, slots=True)
class Change:
    """A write at a place, or (`data` of None) a new length."""

    done: float
    at: int
    data: bytes | None

    def apply(self, content: bytearray) -> None:
        if self.data is None:
            del content[self.at :]
            content.extend(b"\x00" * (self.at - len(content)))
            return
        content.extend(b"\x00" * (self.at - len(content)))
        content[self.at : self.at + len(self.data)] = self.data


@dataclass(eq=False, slots=True)
class Inode:
    safe: bytearray
    pending: list[Change] = field(default_factory=list)

    def sync(self, begun: float) -> None:
        while self.pending and self.pending[0].done <= begun:
            self.pending.pop(0).apply(self.safe)


class Disk:
    """The files below `root` as the disk has them. `base`: a copy of the folder from before the trace began."""

    def __init__(self, root: Path, base: Path) -> None:
        self.root, self.base = root, base
        self.names: dict[str, Inode] = {}
        for path in base.rglob("*"):
            if path.is_file():
                self.names[str(root / path.relative_to(base))] = Inode(bytearray(path.read_bytes()))
        self.safe_names = dict(self.names)
        self._places: dict[tuple[int, int], int] = {}

    def take(self, event: Event) -> None:
        if event.call.startswith(("rename", "unlink")):
            self._rename(event)
        elif event.path.startswith(f"{self.root}"):
            self._take(event)

    def cut(self, folder: Path, chance: random.Random | None = None) -> None:
        """Writes what is left after a power cut at this moment. `chance`: of what was not synced, some was written
        all the same, in any order.
        """
        shutil.copytree(self.base, folder, dirs_exist_ok=True)
        for path in set(self.names) | set(self.safe_names):
            file = folder / Path(path).relative_to(self.root)
            inode = self.safe_names.get(path)
            if inode is None:
                file.unlink(missing_ok=True)
                continue
            content = bytearray(inode.safe)
            if chance is not None:
                lucky = [one for one in inode.pending if chance.random() < 0.5]
                chance.shuffle(lucky)
                for one in lucky:
                    one.apply(content)
            file.write_bytes(content)

    def _take(self, event: Event) -> None:
        inode = self.names.get(event.path)
        if event.call == "openat":
            self._open(event, inode)
        elif event.call in ("fsync", "fdatasync"):
            if inode is None:
                self._sync_folder(event.path)
            else:
                inode.sync(event.begun)
        elif event.call == "lseek":
            self._places[event.process, event.fd] = event.result
        elif inode is not None:
            self._change(event, inode)

    def _open(self, event: Event, inode: Inode | None) -> None:
        self._places[event.process, event.fd] = 0
        if inode is None and b"O_CREAT" in event.rest:
            self.names[event.path] = Inode(bytearray())
        elif inode is not None and b"O_TRUNC" in event.rest:
            inode.pending.append(Change(event.done, 0, None))

    def _change(self, event: Event, inode: Inode) -> None:
        numbers = [int(one) for one in re.findall(rb"-?\b\d+\b", event.rest.rpartition(b"]")[2])]
        data = event.data[: event.result]
        if event.call.startswith("pwrite"):
            at = numbers[1]  # after the length, or the number of parts
            inode.pending.append(Change(event.done, at, data))
        elif event.call == "write":
            place = self._places[event.process, event.fd]
            self._places[event.process, event.fd] = place + len(data)
            inode.pending.append(Change(event.done, place, data))
        elif event.call == "ftruncate":
            inode.pending.append(Change(event.done, numbers[0], None))

    def _rename(self, event: Event) -> None:
        said = [
            bytes.fromhex(one.replace(b"\\x", b"").decode()).decode() for one in _STRING.findall(event.rest)
        ]
        paths = [one if one.startswith("/") else str(self.root / one) for one in said]
        if not paths[0].startswith(f"{self.root}"):
            return
        inode = self.names.pop(paths[0], None)
        if len(paths) == 2 and inode is not None:
            self.names[paths[1]] = inode

    def _sync_folder(self, folder: str) -> None:
        for path in set(self.names) | set(self.safe_names):
            if str(Path(path).parent) == folder:
                if path in self.names:
                    self.safe_names[path] = self.names[path]
                else:
                    del self.safe_names[path]
