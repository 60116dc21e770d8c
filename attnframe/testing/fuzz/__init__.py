"""Random requests to attention layers: each is served as its definition says, or refused with reasons and a way out.

    check_request(17)                           # request 17 of the registered variants
    check_request(17, ["gqa"])                  # of some of them

A request is its number: the same one asks the same of the same variants, so a failure is replayed by it.
"""

from attnframe.testing.fuzz.check import Outcome, check_request
from attnframe.testing.fuzz.request import Request, draw_request

__all__ = ["Outcome", "Request", "check_request", "draw_request"]
