"""Where the city's PostgreSQL answers: hosts, database, how TLS is checked. Never who asks, nor a password."""

from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from console.domain.errors import Invalid

SCHEMES = ("postgresql", "postgresql+psycopg")
PORT = 5432
TLS_NAMES: dict[str, str] = {
    "verify-full": "加密，核对证书和主机名",
    "verify-ca": "加密，只核对证书",
    "require": "加密，不核对证书",
    "prefer": "能加密就加密",
    "disable": "不加密",
}
SESSIONS = ("any", "read-write", "primary", "prefer-standby", "standby", "read-only")
# What else libpq understands and a workstation may need; anything else in an address is a slip of the pen.
_OTHERS = ("passfile", "sslcert", "sslkey", "sslcrl", "connect_timeout", "load_balance_hosts")


@dataclass(frozen=True, slots=True)
class Server:
    """One PostgreSQL database. Several hosts are tried in turn; `session` says which of them will do."""

    hosts: tuple[tuple[str, int], ...]
    database: str
    tls: str = "verify-full"
    root_certificate: str = ""
    session: str = ""
    others: tuple[tuple[str, str], ...] = ()

    @property
    def words(self) -> str:
        """As an administrator names it, without anything secret."""
        return f"{'、'.join(f'{host}:{port}' for host, port in self.hosts)} / {self.database}"

    @property
    def key(self) -> str:
        """What passwords of this server are kept under in the vault."""
        return f"{','.join(f'{host}:{port}' for host, port in self.hosts)}/{self.database}"

    @property
    def text(self) -> str:
        """As an administrator writes it down; `read_address` reads it again."""
        hosts = ",".join(f"{host}:{port}" if port != PORT else host for host, port in self.hosts)
        query = {k: v for k, v in self._query().items() if k not in ("host", "port")}
        if any(set(host) & set("/:") for host, _port in self.hosts):
            return self.url()
        return f"postgresql://{hosts}/{quote(self.database, safe='')}?{urlencode(query)}"

    def url(self, user: str = "", password: str = "") -> str:
        """For SQLAlchemy. With a password it must go nowhere but into a connection."""
        who = quote(user, safe="") + (f":{quote(password, safe='')}" if password else "")
        who += "@" if who else ""
        return f"{SCHEMES[1]}://{who}/{quote(self.database, safe='')}?{urlencode(self._query())}"

    def parameters(self, user: str = "", password: str = "") -> dict[str, str]:
        """For libpq, word by word."""
        found = {**self._query(), "dbname": self.database, "user": user, "password": password}
        return {key: value for key, value in found.items() if value}

    def moved(self, database: str) -> "Server":
        """Another database of the same server."""
        return replace(self, database=database)

    def _query(self) -> dict[str, str]:
        given = {
            "host": ",".join(host for host, _port in self.hosts),
            "port": ",".join(str(port) for _host, port in self.hosts),
            "sslmode": self.tls,
            "sslrootcert": self.root_certificate,
            "target_session_attrs": self.session,
            **dict(self.others),
        }
        return {key: value for key, value in given.items() if value}


@dataclass(frozen=True, slots=True)
class Address:
    """What somebody wrote: the server and, on an administrator's command line only, who asks."""

    server: Server
    user: str = ""
    password: str = ""

    def __repr__(self) -> str:
        return f"Address({self.server.words}, {self.user})"

    @property
    def url(self) -> str:
        return self.server.url(self.user, self.password)


def is_postgresql(url: str) -> bool:
    return url.partition("://")[0] in SCHEMES


def read_address(url: str, tls: str = "prefer") -> Address:
    """A libpq address, several hosts and all. `tls` holds where it says nothing. Raises Invalid."""
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise _unreadable() from error
    if parts.scheme not in SCHEMES:
        raise Invalid("数据库地址应以 postgresql:// 开头", field="server")
    who, _, netloc = parts.netloc.rpartition("@")
    user, _, password = who.partition(":")
    query = dict(parse_qsl(parts.query))
    database = unquote(parts.path.strip("/")) or query.pop("dbname", "")
    if not database:
        raise Invalid("数据库地址里没有数据库名", "例如 postgresql://主机/hotline", "server")
    server = Server(
        _hosts(netloc, query.pop("host", ""), query.pop("port", "")),
        database,
        _one_of(query.pop("sslmode", tls), tuple(TLS_NAMES), "sslmode"),
        query.pop("sslrootcert", ""),
        _one_of(query.pop("target_session_attrs", ""), ("", *SESSIONS), "target_session_attrs"),
        _others(query),
    )
    return Address(server, unquote(user), unquote(password))


def for_console(url: str) -> Server:
    """What an address means at a desk: encrypted and checked, unless it says otherwise or stays on this machine."""
    server = read_address(url).server
    near = ("localhost", "127.0.0.1", "::1")
    if all(host in near or "/" in host for host, _port in server.hosts):
        return server
    return read_address(url, tls="verify-full").server


def hosts_of(text: str) -> tuple[tuple[str, int], ...]:
    """`db1`, `db1:5433` or `db1,db2:5433`. Raises Invalid."""
    return _hosts(text.replace("，", ",").replace("、", ",").replace(" ", ""), "", "")


def _hosts(netloc: str, hosts: str, ports: str) -> tuple[tuple[str, int], ...]:
    if hosts:
        names, numbers = hosts.split(","), ports.split(",") if ports else []
        several = len(numbers) == len(names)
        port = [numbers[at] if several else ports for at in range(len(names))]
        return tuple((name, _port(number)) for name, number in zip(names, port, strict=True))
    return tuple(_host(one, ports) for one in (netloc or "localhost").split(","))


def _host(text: str, ports: str) -> tuple[str, int]:
    if text.startswith("["):
        name, _, port = text[1:].partition("]")
        return name, _port(port.removeprefix(":") or ports)
    name, _, port = text.partition(":")
    if not name or set(name) & set(" /\\@?#"):
        raise _unreadable()
    return unquote(name), _port(port or ports)


def _port(text: str) -> int:
    if not text:
        return PORT
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise Invalid(f"端口“{text[:10]}”不对", "应为 1 至 65535 的数字，一般是 5432", "host")
    return int(text)


def _one_of(value: str, known: tuple[str, ...], key: str) -> str:
    if value not in known:
        raise Invalid(
            f"数据库地址里的 {key} 不对", "可用：" + "、".join(filter(None, known)), "server"
        )
    return value


def _others(query: dict[str, str]) -> tuple[tuple[str, str], ...]:
    # Never repeated back: what is not understood may be a password in the wrong place.
    if set(query) - set(_OTHERS):
        raise Invalid("数据库地址里有不认识的参数", "密码等请勿写在地址的参数里", "server")
    return tuple(sorted(query.items()))


def _unreadable() -> Invalid:
    return Invalid("数据库地址写得不对", "例如 postgresql://主机:5432/hotline", "server")
