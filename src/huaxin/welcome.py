"""What the terminal says once the server listens: the doors, and a code for phones nearby."""

import io
import socket

import qrcode


def welcome(url: str, port: int, host: str, logins: list[dict[str, str]], dev_codes: bool) -> str:
    """Plain text, both languages."""
    near = nearby_url(host, port)
    lines = [
        "",
        "  花信 Huaxin",
        "",
        f"  订花人 buyer     {url}/buyer/",
        f"  配送员 courier   {url}/courier/",
        f"  花店   shop      {url}/shop/",
        f"  接口   API       {url}/api/docs",
        "",
    ]
    if logins and dev_codes:
        lines.append("  可用这些号码登录,验证码会显示在这里  log in with these; the code is printed here")
        lines += [f"    {one['phone']}  {one['name']}  ({one['role']})" for one in logins]
        lines.append("")
    if near:
        lines += [f"  同一网络的手机扫码  phones on this network: {near}/", "", draw_qr(near + "/")]
    lines.append("  Ctrl-C 停止 stops")
    return "\n".join(lines)


def nearby_url(host: str, port: int) -> str:
    """The address phones on the same network reach; empty when only this machine is served or alone."""
    if host not in ("0.0.0.0", "::", ""):
        return "" if host.startswith("127.") or host in ("localhost", "::1") else f"http://{host}:{port}"
    probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        # Nothing is sent: connecting a datagram socket only asks which of our addresses would be used.
        probe.connect(("192.0.2.1", 9))
        address = str(probe.getsockname()[0])
    except OSError:
        return ""
    finally:
        probe.close()
    return "" if address.startswith(("127.", "0.")) else f"http://{address}:{port}"


def draw_qr(text: str) -> str:
    code = qrcode.QRCode(border=1)
    code.add_data(text)
    out = io.StringIO()
    code.print_ascii(out=out, invert=True)
    return "\n".join("  " + line for line in out.getvalue().splitlines())
