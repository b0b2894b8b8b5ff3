"""The physical limit: a bare WebSocket server that sends on what it gets to all in the room.

No database, no rights, no rendering, no Socket.IO. Run: python bench/reference/raw.py PORT
"""

import sys

import picows
import uvloop

ROOMS: dict[str, list] = {}


class Member(picows.WSListener):
    """A client; the path of its address is its room."""

    def __init__(self, room):
        self._room = ROOMS.setdefault(room, [])

    def on_ws_connected(self, transport):
        self._room.append(transport)

    def on_ws_frame(self, transport, frame):
        data = frame.get_payload_as_bytes()
        for member in self._room:
            member.send(picows.WSMsgType.TEXT, data)

    def on_ws_disconnected(self, transport):
        self._room.remove(transport)


async def main(port):
    def welcome(request):
        return Member(request.path)

    server = await picows.ws_create_server(welcome, "127.0.0.1", port)
    await server.serve_forever()


uvloop.run(main(int(sys.argv[1])))
