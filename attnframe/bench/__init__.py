"""`attnframe bench`: speed and memory of attention variants beside the layers of other libraries.

What is asked is a `Chosen` with its `BenchSettings`; a `Case` makes the contenders of one variant at one size, a `Peer`
describes the layer of another library, and `run` times them in interleaved rounds, measures memory in fresh processes
and writes the record.
"""
