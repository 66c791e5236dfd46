"""The operating system's credential vault (keyring). A password is nowhere else on this workstation."""

import logging

from console.domain.errors import Unavailable

log = logging.getLogger(__name__)
SERVICE = "hotline12345"


class Vault:
    """Keeps small secrets by name. Raises Unavailable where the system has no vault."""

    def get(self, name: str) -> str | None:
        return self._call("get_password", name)

    def put(self, name: str, secret: str) -> None:
        self._call("set_password", name, secret)

    def drop(self, name: str) -> None:
        if self.get(name) is not None:
            self._call("delete_password", name)

    def _call(self, method: str, *arguments: str) -> str | None:
        import keyring
        from keyring.errors import KeyringError

        try:
            found: str | None = getattr(keyring, method)(SERVICE, *arguments)
        except (KeyringError, OSError, RuntimeError) as error:
            raise Unavailable("本机没有可用的凭据库，密码未保存", "请每次登录时输入密码") from error
        return found
