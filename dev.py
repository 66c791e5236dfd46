"""Makes the working environment and runs things in it: `python3 dev.py run|test|lint|screens|bench`.

Standard library only, since it runs before anything is installed. What follows the sub-command is passed on.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
MARKER = VENV / "installed.txt"
RUNTIME, DEVELOPER = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"
OLDEST, NEWEST = (3, 11), (3, 13)
WINDOWS = os.name == "nt"

# Shared object → Debian package: what `ldd` lists for Qt's xcb and offscreen plugins, printing included.
LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libcups.so.2": "libcups2",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libstdc++.so.6": "libstdc++6",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
}
PROGRAMS = {"espeak-ng": "espeak-ng", "fc-list": "fontconfig"}
TEST_PROGRAMS = {"Xvfb": "xvfb", "xauth": "xauth", "pdftotext": "poppler-utils"}
OPTIONAL = {*PROGRAMS.values(), *TEST_PROGRAMS.values()}
CHINESE_FONT = "fonts-noto-cjk"
CHECKS = {
    "ruff check": ("-m", "ruff", "check", "--output-format", "concise"),
    "ruff format": ("-m", "ruff", "format", "--check", "--output-format", "concise"),
    "mypy": ("-m", "mypy"),
    "lint-imports": ("-c", "from importlinter.cli import lint_imports_command as check; check()"),
}


class Stop(Exception):
    """Nothing more can be done here: (Chinese, English, what to type)."""


def main(arguments: Sequence[str]) -> int:
    """Run one sub-command and return its exit code."""
    if not arguments or arguments[0] not in COMMANDS:
        print(__doc__.strip())
        return 0 if list(arguments) in (["-h"], ["--help"]) else 2
    try:
        if not OLDEST <= sys.version_info[:2] <= NEWEST:
            return subprocess.call([other_python(), __file__, *arguments])
        return COMMANDS[arguments[0]](list(arguments[1:]))
    except Stop as stop:
        print("\n".join(("", *stop.args)), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def run(extra: list[str]) -> int:
    """Open the console on the demo city; where there is no screen, drive it through a tour instead."""
    prepare(RUNTIME, native_packages(PROGRAMS))
    failed = python("main.py", "db", "demo")
    if failed or has_display():
        return failed or python("main.py", "--demo", *extra)
    tour = ROOT / "build" / "tour"
    failed = python("main.py", "tour", "--out", str(tour), *extra, offscreen=True)
    if not failed:
        say(
            f"这里没有显示器，已自动走完一遍，结果在 {tour}",
            f"No display here: a tour was made instead, see {tour}",
        )
    return failed


def test(extra: list[str]) -> int:
    """Run the tests; pytest's own arguments may follow."""
    prepare_developer()
    workers = str(min(os.cpu_count() or 1, 4))
    return python("-m", "pytest", "-n", workers, "--dist", "loadfile", *extra, offscreen=True)


# The way of a work order from the call to the archive, and whoever looks at it.
WAY = (
    "intake_submit intake_outcomes intake_calls dispatching deciding court handling replying reviewing verifying "
    "callbacks callback_people merging corrections supervising archiving finding orders promises handover reports"
).split()


def guarded(extra: list[str]) -> int:
    """Run the desks' tests again on PostgreSQL, everybody with a login of his own (docs/decisions/011)."""
    os.environ["CONSOLE_TEST_GUARD"] = "1"
    return test([f"tests/services/test_{name}.py" for name in WAY] + extra)


def lint(extra: list[str]) -> int:
    """Check style, format, types and who imports whom; all four run even if one fails."""
    prepare(DEVELOPER, [])
    failed = [name for name, arguments in CHECKS.items() if python(*arguments, *extra)]
    print(f"lint: {', '.join(failed)} failed" if failed else "lint: ok", flush=True)
    return int(bool(failed))


def screens(extra: list[str]) -> int:
    """Render every view to build/screens."""
    prepare_developer()
    return python(
        "-m", "tests.screens", "--out", str(ROOT / "build" / "screens"), *extra, offscreen=True
    )


def bench(extra: list[str]) -> int:
    """Measure; prints a table and writes JSON."""
    prepare_developer()
    return python("-m", "tests.bench", *extra, offscreen=True)


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "run": run,
    "test": test,
    "guarded": guarded,
    "lint": lint,
    "screens": screens,
    "bench": bench,
}


def prepare_developer() -> None:
    """Everything the tests use: all packages, all native programs."""
    prepare(DEVELOPER, native_packages({**PROGRAMS, **TEST_PROGRAMS}))


def prepare(lock: Path, native: list[str]) -> None:
    """Bring the machine and `.venv` to what `lock` says; at once when nothing changed."""
    with one_at_a_time():
        ready = is_installed(lock)
        install_native(native + ([] if ready else venv_package()))
        if ready:
            return
        if not os.access(ROOT, os.W_OK):
            raise Stop(
                f"{ROOT} 不可写，请把程序复制到自己的文件夹。",
                f"{ROOT} is not writable; use a copy of your own.",
            )
        make_venv()
        install(lock)


def is_installed(lock: Path) -> bool:
    """Whether `.venv` holds exactly what `lock` says, for this Python."""
    return (
        venv_python().exists()
        and MARKER.exists()
        and fingerprint(lock) in MARKER.read_text().split()
    )


def fingerprint(lock: Path) -> str:
    """What the marker remembers of a lock: its hash and the Python it was installed for."""
    return f"{sys.version_info[0]}.{sys.version_info[1]}-{hashlib.sha256(lock.read_bytes()).hexdigest()}"


def venv_python() -> Path:
    return VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")


def make_venv() -> None:
    """Make `.venv` unless a usable one for this Python is there."""
    version = f"import sys, pip; sys.exit(sys.version_info[:2] != {tuple(sys.version_info[:2])})"
    if (
        venv_python().exists()
        and subprocess.call([venv_python(), "-c", version], stderr=subprocess.DEVNULL) == 0
    ):
        return
    say("正在建立运行环境 .venv……", "Making the environment .venv ...")
    base = getattr(sys, "_base_executable", sys.executable)
    if subprocess.call([base, "-m", "venv", "--clear", str(VENV)]):
        raise Stop(f"无法建立 {VENV}", f"{VENV} could not be made.")


def install(lock: Path) -> None:
    """Install from `lock`, every file checked against its hash."""
    say("正在安装依赖，约一分钟……", "Installing what it needs, about a minute ...")
    MARKER.unlink(missing_ok=True)
    options = ["-qq", "--disable-pip-version-check", "--require-hashes", "-r", str(lock)]
    if python("-m", "pip", "install", *options):
        raise Stop(
            "依赖没有装全，请看上面的提示；多半是网络，重试即可。",
            "Installing failed, see above; try again.",
        )
    locks = [RUNTIME] if lock == RUNTIME else [RUNTIME, DEVELOPER]
    MARKER.write_text("\n".join(map(fingerprint, locks)))


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two dev.py in one tree install one after the other (not on Windows, which cannot lock a folder)."""
    if WINDOWS:
        yield
        return
    import fcntl

    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def other_python() -> str:
    """Another interpreter of a supported version, when this one is too old or too new."""
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        if found := shutil.which(f"python3.{minor}"):
            return found
    raise Stop("需要 Python 3.11 到 3.13。", "Python 3.11 to 3.13 is needed.")


def native_packages(programs: dict[str, str]) -> list[str]:
    """The Debian packages this machine still lacks; empty on Windows, whose wheels bring everything."""
    if not sys.platform.startswith("linux"):
        return []
    missing = [package for library, package in LIBRARIES.items() if not can_load(library)]
    missing += [package for program, package in programs.items() if not shutil.which(program)]
    return missing if shows_chinese() else [*missing, CHINESE_FONT]


def can_load(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def shows_chinese() -> bool:
    """Whether fontconfig knows any font with Chinese in it."""
    if not shutil.which("fc-list"):
        return False
    return bool(
        subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, check=False).stdout.strip()
    )


def venv_package() -> list[str]:
    """Debian splits `venv` off its Python; the package that brings it back, if it is missing."""
    if importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip"):
        return []
    return [f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"]


def install_native(packages: list[str]) -> None:
    """Install as root on Debian; otherwise say what an administrator must run."""
    if not packages:
        return
    install_them = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if not shutil.which("apt-get") or os.geteuid() != 0:
        ask_administrator(install_them, can_wait=not set(packages) - OPTIONAL)
        return
    say(f"正在安装系统组件：{' '.join(packages)}", "Installing system packages ...")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    # One dead source makes `update` fail and need not matter: what counts is the installation.
    subprocess.call(["apt-get", "update", "-qq"], env=quiet, stdout=subprocess.DEVNULL)
    if subprocess.call([*install_them, "-qq"], env=quiet, stdout=subprocess.DEVNULL):
        raise Stop("系统组件没有装上，请运行：", "Failed; run this:", "  " + " ".join(install_them))


def ask_administrator(install_them: list[str], *, can_wait: bool) -> None:
    """Print the one command that puts it right; stop unless the console works without."""
    line = f"apt-get update && {' '.join(install_them)}"
    command = f"sudo sh -c '{line}'" if shutil.which("sudo") else f"su -c '{line}'"
    if can_wait:
        say("提示：少了几个可选组件，管理员可运行：", "Optional packages are missing:")
        print(f"\n  {command}\n", flush=True)
        return
    raise Stop(
        "缺少系统组件。请管理员运行下面这一条命令（Debian 系统），然后重试：",
        "System packages are missing. Ask an administrator to run this one command "
        "(Debian; elsewhere, install their equivalents), then try again:",
        f"\n  {command}\n",
    )


def python(*arguments: str, offscreen: bool = False) -> int:
    """Run `.venv`'s Python in the project folder and return its exit code."""
    environment = {**os.environ, "PYTHONUTF8": "1"}
    if offscreen:
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    return subprocess.call([venv_python(), *arguments], cwd=ROOT, env=environment)


def has_display() -> bool:
    linux = sys.platform.startswith("linux")
    return not linux or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def say(chinese: str, english: str) -> None:
    print(f"{chinese}\n{english}", flush=True)


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")
    sys.exit(main(sys.argv[1:]))
