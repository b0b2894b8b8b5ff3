"""A local SMS gateway that speaks as sms.ru, smsc.ru and SMS Aero do, and can misbehave."""

import json
import threading
import time
from base64 import b64decode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

KEY, LOGIN = "the-key", ("anna@example.org", "aero-key")


class Gateway:
    """`mood`: well, refusing, broken, silent (takes the text, delivers nothing), doubling, slow,
    garbled, endless. `delivered` is what telephones have got: (number, text).
    """

    def __init__(self):
        self.mood = "well"
        self.delivered = []
        self.asked = 0
        self.release = threading.Event()
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                gateway.asked += 1
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                status, answer = gateway.answer(self.path, body, self.headers)
                data = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_args):
                """Silence."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def stop(self):
        self.release.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, path, body, headers):
        if self.mood == "slow":
            self.release.wait(20)
        if self.mood == "broken":
            return 500, b"oops"
        if self.mood == "garbled":
            return 200, b"<html>maintenance</html>"
        if self.mood == "endless":
            return 200, b" " * 200_000
        return 200, {
            "/sms/send": self._sms_ru,
            "/code/call": self._sms_ru_call,
            "/sys/send.php": self._smsc,
            "/v2/sms/send": self._aero,
        }[path](body, headers)

    def _deliver(self, number, text):
        self.delivered += [(number, text)] * {"silent": 0, "doubling": 2}.get(self.mood, 1)

    def _sms_ru(self, body, _headers):
        form = {name: values[0] for name, values in parse_qs(body).items()}
        if form["api_id"] != KEY:
            return {"status": "ERROR", "status_code": 200, "status_text": "api_id"}
        if self.mood == "refusing":
            one = {"status": "ERROR", "status_code": 207}
            return {"status": "OK", "status_code": 100, "sms": {form["to"]: one}}
        self._deliver(form["to"], form["msg"])
        one = {"status": "OK", "status_code": 100, "sms_id": "000000-10000000"}
        return {"status": "OK", "status_code": 100, "sms": {form["to"]: one}, "balance": 4.5}

    def _sms_ru_call(self, body, _headers):
        form = {name: values[0] for name, values in parse_qs(body).items()}
        if self.mood == "refusing":
            return {"status": "ERROR", "status_text": "Номер не найден"}
        self._deliver(form["phone"], "call 1435")
        return {"status": "OK", "code": "1435", "call_id": "000000-10000000", "cost": 0.4}

    def _smsc(self, body, _headers):
        form = {name: values[0] for name, values in parse_qs(body).items()}
        if self.mood == "refusing" or form["psw"] != KEY:
            return {"error": "authorise error", "error_code": 2}
        assert form["fmt"] == "3"
        assert form["charset"] == "utf-8"
        self._deliver(form["phones"], form["mes"])
        return {"id": 4, "cnt": 1}

    def _aero(self, body, headers):
        login = b64decode(headers["Authorization"].removeprefix("Basic ")).decode().split(":")
        if self.mood == "refusing" or tuple(login) != LOGIN:
            return {
                "success": False,
                "data": None,
                "message": "Your request was made with invalid credentials.",
            }
        sent = json.loads(body)
        self._deliver(sent["number"], sent["text"])
        return {
            "success": True,
            "data": {"id": 1, "number": sent["number"], "status": 8},
            "message": None,
        }


def wait_for(condition, seconds=15):
    """Until `condition()` is true."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)
