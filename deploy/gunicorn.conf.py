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
