"""Azure on one machine: starts every part of the local stack, watches over it, and leaves nothing behind."""

from local.stack.part import Command, Part, PartError
from local.stack.ports import Ports, PortsError
from local.stack.stack import Stack, running_stack

__all__ = ["Command", "Part", "PartError", "Ports", "PortsError", "Stack", "running_stack"]
