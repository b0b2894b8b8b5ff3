"""An S3-compatible storage in memory: as much of the protocol as s3fs speaks, path-style, one bucket.

It checks that requests are signed by the right key's owner, and can be told to be slow.
"""

import re
import threading
import time
import urllib.parse
from contextlib import contextmanager
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.sax.saxutils import escape

ACCESS_KEY, SECRET, BUCKET = "school", "a-secret-of-the-storage", "files"
LISTING = """<?xml version="1.0" encoding="UTF-8"?><ListBucketResult>
<Name>{bucket}</Name><Prefix></Prefix><KeyCount>{count}</KeyCount><IsTruncated>false</IsTruncated>{rows}
</ListBucketResult>"""
ROW = "<Contents><Key>{key}</Key><LastModified>{at}</LastModified><ETag>&quot;x&quot;</ETag><Size>{size}</Size></Contents>"


class Storage:
    """What is kept: `objects` by key; `pause` seconds go by before anything is answered."""

    def __init__(self):
        self.objects, self.pause, self.requests = {}, 0.0, []

    def environment(self, url):
        """How a site is told of it."""
        return {
            "SVYAZKA_FILES_URL": f"s3://{BUCKET}/svyazka",
            "AWS_ENDPOINT_URL": url,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_DEFAULT_REGION": "ru-central1",
        }


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def storage(self):
        return self.server.storage

    @property
    def key(self):
        return (
            urllib.parse.unquote(self.path.partition("?")[0]).removeprefix(f"/{BUCKET}").lstrip("/")
        )

    def handle_one_request(self):
        super().handle_one_request()

    def _begin(self):
        self.storage.requests.append((self.command, self.key))
        time.sleep(self.storage.pause)
        if f"Credential={ACCESS_KEY}/" not in self.headers.get("Authorization", ""):
            self._answer(403, b"<Error><Code>AccessDenied</Code></Error>")
            return False
        return True

    def _answer(self, status, body=b"", **headers):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _body(self):
        if self.headers.get("Transfer-Encoding") == "chunked":
            content = b"".join(self._chunks())
        else:
            content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if "aws-chunked" in self.headers.get("Content-Encoding", ""):
            return _unwrapped(content)
        return content

    def _chunks(self):
        while size := int(self.rfile.readline().strip() or b"0", 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()

    def do_PUT(self):
        content = self._body()
        if self._begin():
            self.storage.objects[self.key] = (content, time.time())
            self._answer(200, ETag='"x"')

    def do_HEAD(self):
        self.do_GET()

    def do_GET(self):
        if not self._begin():
            return
        if not self.key:
            self._list()
            return
        if self.key not in self.storage.objects:
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
            return
        content, at = self.storage.objects[self.key]
        told = {"ETag": '"x"', "Last_Modified": formatdate(at, usegmt=True)}
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if not asked:
            self._answer_content(200, content, told)
            return
        begin, end = int(asked[1]), min(int(asked[2] or len(content)), len(content) - 1)
        told["Content_Range"] = f"bytes {begin}-{end}/{len(content)}"
        self._answer_content(206, content[begin : end + 1], told)

    def _answer_content(self, status, content, told):
        self._answer(status, content, **told)

    def do_DELETE(self):
        if self._begin():
            self.storage.objects.pop(self.key, None)
            self._answer(204)

    def do_POST(self):
        content = self._body().decode()
        if self._begin():
            for key in re.findall(r"<Key>(.*?)</Key>", content):
                self.storage.objects.pop(key, None)
            self._answer(200, b"<DeleteResult></DeleteResult>")

    def _list(self):
        query = urllib.parse.parse_qs(self.path.partition("?")[2])
        prefix = query.get("prefix", [""])[0]
        found = {key: kept for key, kept in self.storage.objects.items() if key.startswith(prefix)}
        rows = "".join(
            ROW.format(
                key=escape(key),
                size=len(content),
                at=time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(at)),
            )
            for key, (content, at) in sorted(found.items())
        )
        body = LISTING.format(bucket=BUCKET, count=len(found), rows=rows).encode()
        self._answer(200, body, Content_Type="application/xml")

    def log_message(self, *_args):
        """Nothing: a test's own server is silent."""


def _unwrapped(content):
    """The bytes out of «aws-chunked»: sizes before, a checksum behind."""
    kept, rest = b"", content
    while rest:
        head, _, rest = rest.partition(b"\r\n")
        size = int(head.partition(b";")[0], 16)
        if not size:
            break
        kept, rest = kept + rest[:size], rest[size + 2 :]
    return kept


@contextmanager
def s3_storage():
    """`with s3_storage() as (storage, url):` a running one."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.storage = Storage()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.storage, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
