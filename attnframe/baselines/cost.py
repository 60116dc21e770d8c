"""What a forward pass of a plan costs, counted on the meta device."""

from __future__ import annotations

import torch
from torch.utils.flop_counter import FlopCounterMode

from attnframe.plan import RunPlan


def forward_flops(plan: RunPlan) -> int | None:
    """Floating-point operations of matrix products, convolutions and fused attention in one forward pass of the
    module on its example batch of one; None where they cannot be counted without data.

    Elementwise work is not in it, as in `torch.utils.flop_counter`; so it compares variants of one cell.
    """
    try:
        with torch.device("meta"), torch.random.fork_rng(devices=[]), torch.no_grad():
            module = plan.task.build(plan.parts, plan.data.nominal_facts()).eval()
            batch = module.example_batch(1, "meta")
            with FlopCounterMode(display=False) as counter:
                module(batch)
    except Exception:  # A variant may look at values, which there are none of here.
        return None
    return int(counter.get_total_flops())
