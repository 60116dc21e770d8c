"""What attention over 8,192 tokens holds in memory, and what bfloat16 costs it.

    python benchmarks/long_context.py [eager] [alibi] [sinks] [--length 8192] [--threads 2]

Three cases, causal, batch 1, head width 64, on CPU. Each form runs one forward and backward pass in a process of its
own that has done nothing else; its peak memory counts above what that process held before. Writes
benchmarks/results/memory-CASE.json.

- eager: plain operations over query chunks beside the same with all queries in one chunk; one head, float32. Bar: at
  most one eighth.
- alibi, sinks: folded into the fused kernel beside the written-out form (a float mask, or one more column of scores);
  two heads, bfloat16. Bars: no more memory, the largest tensor that an operator gives is no (T, S) one, and the error
  from float64 is not above that of the written-out form.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import records
import torch
from torch import Tensor
from torch.nn import functional as F

from attnframe.attention.mixer import Call, PositionBias
from attnframe.attention.mixers import SoftmaxMixer
from attnframe.attention.normalisers import Sinks
from attnframe.masks import Causal, Extent
from attnframe.positions import Alibi
from attnframe.testing.largest_tensor import LargestTensor

WIDTH = 64
Form = Callable[[Tensor, Tensor, Tensor], Tensor]
"""(query, key, value), each (1, H, T, E), to (1, H, T, E)."""


def call_of(length: int, heads: int, position: Alibi | None = None) -> Call:
    at = torch.arange(length).unsqueeze(0)
    bias = None if position is None else PositionBias(position, at, at)
    return Call(Causal(), Extent(1, heads, length, length), bias)


def sinks_of(heads: int) -> Sinks:
    found = Sinks(heads)
    with torch.no_grad():
        found.logits.copy_(torch.linspace(-1, 3, heads))
    return found


def eager(length: int) -> dict[str, Form]:
    call = call_of(length, 1)
    chunked, whole = SoftmaxMixer(backend="eager"), SoftmaxMixer(backend="eager", chunk=length)
    return {"chunked": lambda *x: chunked(*x, call), "one chunk": lambda *x: whole(*x, call)}


def alibi(length: int) -> dict[str, Form]:
    position, at = Alibi(HEADS["alibi"]), torch.arange(length).unsqueeze(0)
    call, mixer = call_of(length, HEADS["alibi"], position), SoftmaxMixer()

    def written_out(query: Tensor, key: Tensor, value: Tensor) -> Tensor:
        bias = position.bias(at, at)
        hidden = torch.ones(length, length, dtype=torch.bool).triu(1)
        return F.scaled_dot_product_attention(query, key, value, bias.masked_fill(hidden, -torch.inf).to(query.dtype))

    return {"folded": lambda *x: mixer(*x, call), "written out": written_out}


def sinks(length: int) -> dict[str, Form]:
    call, normaliser = call_of(length, HEADS["sinks"]), sinks_of(HEADS["sinks"])
    mixer = SoftmaxMixer(normaliser=normaliser)

    def written_out(query: Tensor, key: Tensor, value: Tensor) -> Tensor:
        scores = query @ key.mT * WIDTH**-0.5
        scores = scores.masked_fill(torch.ones(length, length, dtype=torch.bool).triu(1), -torch.inf)
        more = normaliser.logits.to(query.dtype).view(1, -1, 1, 1).expand(-1, -1, length, 1)
        return torch.cat([scores, more], -1).softmax(-1)[..., :-1] @ value

    return {"folded": lambda *x: mixer(*x, call), "written out": written_out}


FORMS: dict[str, Callable[[int], dict[str, Form]]] = {"eager": eager, "alibi": alibi, "sinks": sinks}
HEADS = {"eager": 1, "alibi": 2, "sinks": 2}
DTYPE = {"eager": torch.float32, "alibi": torch.bfloat16, "sinks": torch.bfloat16}


def inputs(case: str, length: int) -> tuple[Tensor, ...]:
    generator = torch.Generator().manual_seed(0)
    shape = (1, HEADS[case], length, WIDTH)
    return tuple(torch.randn(shape, generator=generator).to(DTYPE[case]).requires_grad_() for _ in range(3))


def step(form: Form, given: tuple[Tensor, ...]) -> None:
    out = form(*given)
    torch.autograd.grad(out, given, torch.ones_like(out))


def resident() -> int:
    """The most bytes that this process has held; `getrusage` would count those of the process that started it too."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="utf-8"))
    assert found is not None
    return int(found[1]) * 1024


def measured(case: str, form: str, length: int) -> dict[str, int]:
    """Peak bytes of one step, and its largest tensor; in a process that does nothing else."""
    small = tuple(x[:, :, :64].detach().requires_grad_() for x in inputs(case, 64))
    with LargestTensor():  # Threads, code and buffers of the libraries below, and what watching operators imports.
        step(FORMS[case](64)[form], small)
    run, given = FORMS[case](length)[form], inputs(case, length)
    idle = resident()
    with LargestTensor() as largest:
        step(run, given)
    return {"peak": resident() - idle, "largest": largest.numbers}


def exact(case: str, given: tuple[Tensor, ...]) -> Tensor:
    """The output in float64 by the definition, some rows at a time."""
    query, key, value = (x.detach().double() for x in given)
    length, rows = query.shape[2], []
    at = torch.arange(length)
    slopes = Alibi(HEADS[case]).slopes().double().view(1, -1, 1, 1)
    logits = sinks_of(HEADS[case]).logits.detach().double().view(1, -1, 1, 1)
    for first in range(0, length, 256):
        part = at[first : first + 256]
        scores = query[:, :, part] @ key.mT * WIDTH**-0.5
        distance = (part.unsqueeze(1) - at).double()
        if case == "alibi":
            scores = scores - slopes * distance
        scores = scores.masked_fill(distance < 0, -torch.inf)
        if case == "sinks":
            scores = torch.cat([scores, logits.expand(*scores.shape[:3], 1)], -1)
        rows.append(scores.softmax(-1)[..., :length] @ value)
    return torch.cat(rows, dim=2)


@torch.no_grad()
def errors(case: str, length: int) -> dict[str, dict[str, float]]:
    """Largest and root mean square difference of each form's output from the definition's."""
    given = inputs(case, length)
    wanted = exact(case, given)
    found = {}
    for name, form in FORMS[case](length).items():
        difference = form(*given).double() - wanted
        found[name] = {"largest": difference.abs().max().item(), "rms": difference.square().mean().sqrt().item()}
    return found


def record(case: str, length: int, threads: int) -> dict[str, Any]:
    """Measure every form of a case in a process of its own and write the record."""
    forms = [*FORMS[case](64)]
    found = {}
    for form in forms:
        words = [sys.executable, __file__, case, "--length", str(length), "--threads", str(threads), "--form", form]
        done = subprocess.run(words, capture_output=True, text=True, check=True)
        found[form] = json.loads(done.stdout)
    ours, other = forms
    dtype = str(DTYPE[case]).removeprefix("torch.")
    result = {
        "command": f"python benchmarks/long_context.py {case} --length {length} --threads {threads}",
        "what": f"{case}: forward and backward, T = {length}, causal, {HEADS[case]} x {WIDTH}, {dtype}, peak memory",
        "ratio": found[ours]["peak"] / found[other]["peak"],
        "bar": 0.125 if case == "eager" else 1.0,
        "mebibytes": {form: found[form]["peak"] / 2**20 for form in forms},
        "largest_tensor": {form: found[form]["largest"] for form in forms},
        "queries_times_keys": length * length,
        **({} if case == "eager" else {"errors": errors(case, length)}),
        "threads": threads,
        "torch": version("torch"),
    }
    records.write(f"memory-{case}", result)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cases", nargs="*", choices=[*FORMS, []], help="default: all")
    parser.add_argument("--length", type=int, default=8192)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--form", help="measure this form in this process, for the benchmark's own use")
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    if given.form is not None:
        print(json.dumps(measured(given.cases[0], given.form, given.length)))
        return
    for case in given.cases or FORMS:
        result = record(case, given.length, given.threads)
        held = ", ".join(f"{form} {size:.0f} MiB" for form, size in result["mebibytes"].items())
        print(f"{case}: {held}, ratio {result['ratio']:.3f} (bar {result['bar']})")
        print(f"  largest tensor: {result['largest_tensor']}, T x S = {result['queries_times_keys']}")
        if "errors" in result:
            print(f"  errors from float64: {result['errors']}")


if __name__ == "__main__":
    main()
