"""Azure Web PubSub on one machine: the service's REST interface, its client WebSockets and its upstream events.

State lives in memory, as connections do.
"""
