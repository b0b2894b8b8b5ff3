"""A push service as a browser's maker runs one: checks who sends, and decrypts as a browser."""

import base64
import json
import os
import threading
from queue import Queue

import http_ece
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from flask import Flask, request
from werkzeug.serving import make_server


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def claims_of(header):
    """What a VAPID header (RFC 8292) proves; fails when its signature does not fit its key."""
    parts = dict(part.strip().split("=", 1) for part in header.removeprefix("vapid ").split(","))
    signed, _, signature = parts["t"].rpartition(".")
    raw = from_base64url(signature)
    numbers = (int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), from_base64url(parts["k"]))
    key.verify(utils.encode_dss_signature(*numbers), signed.encode(), ec.ECDSA(hashes.SHA256()))
    return json.loads(from_base64url(signed.split(".")[1])), parts["k"]


class PushService:
    """`received` is a queue of (path, payload, claims, key, headers)."""

    def __init__(self):
        self._browser, self._auth = ec.generate_private_key(ec.SECP256R1()), os.urandom(16)
        self.received, self.status = Queue(), 201
        app = Flask("push")
        app.add_url_rule("/push/<name>", view_func=self._take, methods=["POST"])
        self._server = make_server("127.0.0.1", 0, app, threaded=True)
        self.host = f"127.0.0.1:{self._server.port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def _take(self, name):
        if self.status == 201:
            claims, key = claims_of(request.headers["Authorization"])
            payload = http_ece.decrypt(
                request.data, private_key=self._browser, auth_secret=self._auth, version="aes128gcm"
            )
            self.received.put((name, json.loads(payload), claims, key, dict(request.headers)))
        else:
            self.received.put((name, None, None, None, {}))
        headers = {"Location": f"http://{self.host}/push/elsewhere"} if self.status == 307 else {}
        return "", self.status, headers

    def subscription(self, name="anna"):
        point = self._browser.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return {
            "endpoint": f"http://{self.host}/push/{name}",
            "p256dh": base64url(point),
            "auth": base64url(self._auth),
        }

    def stop(self):
        self._server.shutdown()
        self._server.server_close()
