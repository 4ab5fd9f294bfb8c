"""Through a proxy and through TLS: who is checked, who is trusted, what is never shown."""

import base64
import select
import shutil
import socket
import socketserver
import ssl
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.errors import AddressRefused, ConfigurationError, NetworkError
from monitor.net import NetClient
from tests.http_server import LocalServer, Reply, local_server
from tests.integration.net.conftest import Names, options


def through(proxy: LocalServer, **changes: object) -> NetClient:
    address = proxy.url.replace("http://", "http://petugas:RAHASIA@")
    return NetClient(options(proxy=address, allow_private=False, **changes))


def test_the_proxy_may_be_private_and_gets_the_whole_address(server: LocalServer) -> None:
    server.route("*", Reply(body=b"lewat"))
    with through(server) as client:
        assert client.get("http://situs.example.invalid/a?x=1").body == b"lewat"
        assert "RAHASIA" not in repr(client)
    sent = server.received[0]
    assert sent.headers["host"] == "situs.example.invalid"
    assert sent.target == "http://situs.example.invalid/a?x=1"
    basic = base64.b64encode(b"petugas:RAHASIA").decode()
    assert sent.headers["proxy-authorization"] == f"Basic {basic}"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://[::1]/",
        "https://169.254.169.254/",
        "http://10.0.0.5/",
        "http://localhost/",
        "http://metadata/",
        "http://metadata.google.internal/",
        "http://router.lan/",
    ],
)
def test_the_target_is_checked_before_the_proxy_hears_of_it(server: LocalServer, url: str) -> None:
    server.route("*", Reply())
    with through(server) as client, pytest.raises(AddressRefused):
        client.get(url)
    assert server.received == []


def test_a_name_known_here_as_private_is_refused(names: Names, server: LocalServer) -> None:
    server.route("*", Reply())
    names.are(["10.1.2.3"])
    with through(server) as client, pytest.raises(AddressRefused):
        client.get("http://dalam.test/")
    assert server.received == []


def test_a_redirect_to_the_inside_is_refused(server: LocalServer) -> None:
    server.route("*", Reply(302, headers={"Location": "http://127.0.0.1/admin"}))
    with through(server) as client, pytest.raises(AddressRefused):
        client.get("http://situs.example.invalid/")
    assert len(server.received) == 1


def test_a_proxy_that_refuses(server: LocalServer) -> None:
    server.route("*", Reply(403, b"RAHASIA"))
    with through(server) as client, pytest.raises(NetworkError, match="Proksi") as caught:
        client.get("https://situs.example.invalid/a?key=RAHASIA")
    assert "RAHASIA" not in caught.value.detail
    connect = server.received[0]
    assert (connect.method, connect.target) == ("CONNECT", "situs.example.invalid:443")


@pytest.mark.parametrize("proxy", ["socks5://RAHASIA@h", "http://", "http://[RAHASIA", "h:3128"])
def test_a_proxy_that_is_none(proxy: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        NetClient(options(proxy=proxy))
    assert "RAHASIA" not in caught.value.detail


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 with its key in one file, signed by nobody but itself."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl command")
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        f"{openssl} req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
        " -subj /CN=uji -addext subjectAltName=IP:127.0.0.1 -keyout key.pem -out cert.pem".split(),
        cwd=folder,
        check=True,
        capture_output=True,
    )
    (folder / "both.pem").write_text(
        (folder / "key.pem").read_text() + (folder / "cert.pem").read_text()
    )
    return folder


@pytest.fixture
def tls_server(certificate: Path) -> Iterator[LocalServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "both.pem")
    with local_server(tls=context) as server:
        server.route("*", Reply(body=b"sandi"))
        yield server


def test_a_certificate_nobody_vouches_for(client: NetClient, tls_server: LocalServer) -> None:
    with pytest.raises(NetworkError, match="Sertifikat"):
        client.get(f"{tls_server.url}/x?token=RAHASIA", headers={"Authorization": "RAHASIA"})
    assert tls_server.received == []


@pytest.fixture
def trusting(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[NetClient]:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
    with NetClient(options()) as client:
        yield client


def test_a_trusted_certificate(trusting: NetClient, tls_server: LocalServer) -> None:
    assert trusting.get(f"{tls_server.url}/x").body == b"sandi"


def test_a_trusted_certificate_for_another_name(
    trusting: NetClient, tls_server: LocalServer
) -> None:
    with pytest.raises(NetworkError, match="Sertifikat"):
        trusting.get(f"https://localhost:{tls_server.port}/x")


def test_from_https_to_http_is_no_way(
    trusting: NetClient, tls_server: LocalServer, server: LocalServer
) -> None:
    tls_server.route("/x", Reply(302, headers={"Location": f"{server.url}/y"}))
    with pytest.raises(AddressRefused, match="https ke http"):
        trusting.get(f"{tls_server.url}/x?token=RAHASIA")
    assert server.received == []


class _Tunnel(socketserver.BaseRequestHandler):
    """A proxy that knows CONNECT: joins the caller to the address it names."""

    def handle(self) -> None:
        asked = b""
        while b"\r\n\r\n" not in asked:
            asked += self.request.recv(4096)
        host, port = asked.split()[1].decode().split(":")
        asked_for.append(asked.decode())
        with socket.create_connection((host, int(port))) as target:
            self.request.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            ends = {target: self.request, self.request: target}
            while True:
                for end in select.select(list(ends), [], [])[0]:
                    data = end.recv(65536)
                    if not data:
                        return
                    ends[end].sendall(data)


asked_for: list[str] = []


def test_through_a_tunnel_the_certificate_is_still_checked(
    certificate: Path, tls_server: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Tunnel) as tunnel:
        tunnel.daemon_threads = True
        threading.Thread(target=tunnel.serve_forever, args=(0.02,), daemon=True).start()
        limits = options(proxy=f"http://127.0.0.1:{tunnel.server_address[1]}")
        with NetClient(limits) as client, pytest.raises(NetworkError, match="Sertifikat"):
            client.get(f"{tls_server.url}/x")
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
        with NetClient(limits) as client:
            headers = {"Authorization": "Bearer x"}
            assert client.get(f"{tls_server.url}/x?a=1", headers=headers).body == b"sandi"
        tunnel.shutdown()
    # The proxy learns where to, and nothing else.
    assert f"CONNECT 127.0.0.1:{tls_server.port} HTTP/1.1" in asked_for[-1]
    assert "/x" not in asked_for[-1]
    assert "bearer" not in asked_for[-1].lower()
