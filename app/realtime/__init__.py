"""The only room that knows sockets: events in, fragments, nudges and signals out."""
