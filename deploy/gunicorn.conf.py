"""One gevent process: sockets live in it (docs/architecture.md)."""

worker_class = "gevent"
workers = 1
graceful_timeout = 10
timeout = 60
keepalive = 75
max_requests = 0
forwarded_allow_ips = "127.0.0.1"
