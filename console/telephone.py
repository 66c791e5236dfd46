"""An incoming call handed over by another program: `main.py call NUMBER`, or a softphone through the link."""

import getpass

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from console.domain.errors import Unavailable

LONGEST = 64
WAIT_MS = 2000


def _name(suffix: str = "") -> str:
    return f"hotline12345-{getpass.getuser()}{suffix}"


class Telephone(QObject):
    """`rang(number)` when a call is handed over. The number is taken as it comes: even an absurd one rings."""

    rang = Signal(str)

    def __init__(self, suffix: str = "", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        # A console that was killed leaves its socket behind on Linux.
        QLocalServer.removeServer(_name(suffix))
        self._server.listen(_name(suffix))
        self._server.newConnection.connect(self._connected)

    def close(self) -> None:
        self._server.close()

    @Slot()
    def _connected(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.readyRead.connect(self._read)
            socket.disconnected.connect(socket.deleteLater)
            if socket.bytesAvailable():
                self._take(socket)

    @Slot()
    def _read(self) -> None:
        socket = self.sender()
        if isinstance(socket, QLocalSocket):
            self._take(socket)

    def _take(self, socket: QLocalSocket) -> None:
        number = bytes(socket.readAll().data()).decode("utf-8", "replace").strip()[:LONGEST]
        if number:
            self.rang.emit(number)


def hand_over(number: str, suffix: str = "") -> None:
    """Give a call to the running console. Raises Unavailable when none is running."""
    socket = QLocalSocket()
    socket.connectToServer(_name(suffix))
    if not socket.waitForConnected(WAIT_MS):
        raise Unavailable("没有正在运行的工作台", "请先打开工作台并登录")
    socket.write(number.strip()[:LONGEST].encode())
    socket.waitForBytesWritten(WAIT_MS)
    socket.disconnectFromServer()
