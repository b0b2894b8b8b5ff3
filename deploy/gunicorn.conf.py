"""One gevent process: sockets live in it (docs/architecture.md)."""

worker_class = "gevent"
workers = 1
# Every open window keeps a socket; at gunicorn's own 1000 the next page would wait for ever.
worker_connections = 10_000
graceful_timeout = 10
timeout = 60
keepalive = 75
max_requests = 0
forwarded_allow_ips = "127.0.0.1"


def post_worker_init(worker):
    """The site is served from now on: begin to look for what is due, and watch for the end."""
    # Imported here: the worker has patched the standard library for gevent by now, and nothing
    # that opens sockets may be loaded before.
    import gevent

    from app.core import ticking

    ticking.start(worker.wsgi)
    gevent.spawn(_watch, worker)


def _watch(worker):
    import gevent

    from app.realtime.server import say_goodbye

    # On SIGTERM gunicorn waits until every connection has ended; sockets never do by themselves.
    while worker.alive:
        gevent.sleep(0.2)
    say_goodbye()
