"""What every task of a plugin must do, with each of its models. Each law raises AssertionError when it is broken."""

from __future__ import annotations

import contextlib
import io
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from attnframe.config.check import check
from attnframe.errors import ConfigurationError, Fault
from attnframe.evaluation.evaluate import evaluate
from attnframe.evaluation.predict import predict
from attnframe.pictures import draw
from attnframe.plan import RunPlan
from attnframe.plan_from import plan_from_values
from attnframe.plugin.contract import PredictRecipe
from attnframe.plugin.data import DataModule, MeasuredSplit
from attnframe.plugin.task_module import TaskModule
from attnframe.recipe import defaults
from attnframe.recipes.registry import attention_variants
from attnframe.runs.folder import RunFolder
from attnframe.testing.explanation_law import answers_are_explained
from attnframe.testing.imports import imports_heavy
from attnframe.training.checkpoint import Checkpoint, Loaded, load_checkpoint
from attnframe.training.dry_run import dry_run
from attnframe.training.optimiser import build_optimiser
from attnframe.training.pretrained import take_weights
from attnframe.training.random_state import seed_everything
from attnframe.training.run import train

SMALL = ("model.dim=32", "model.depth=1", "attention=mha", "attention.num_heads=2", "data.batch_size=8")
STEPS = 150
NEAR = 0.05
"""How far the loss may be from that in full precision, in bfloat16, as a share of it."""


@dataclass(frozen=True)
class Subject:
    """A task under test with one of its models, small, and its default data.

    Args:
        plugin: name of the plugin.
        task: name of the task.
        model: name of the model.
    """

    plugin: str
    task: str
    model: str

    @property
    def chosen(self) -> tuple[str, str]:
        """The overrides that choose task and model."""
        return f"task={self.task}", f"model={self.model}"

    def plan_of(self, *overrides: str) -> RunPlan:
        """The plan that overrides give for this task and model."""
        return check([*self.chosen, *overrides]).plans[0]

    @cached_property
    def plan(self) -> RunPlan:
        """The small plan."""
        return self.plan_of(*SMALL)

    @cached_property
    def data(self) -> DataModule:
        """The default data, set up."""
        return self.data_of(*SMALL)

    def data_of(self, *overrides: str) -> DataModule:
        """The data that overrides give, set up."""
        plan = self.plan_of(*overrides)
        data = plan.data.build(data_dir=plan.data_dir, cache_dir=plan.cache_dir, seed=plan.seed)
        data.setup()
        return data

    def module(self, seed: int = 0) -> TaskModule:
        """A fresh small module."""
        seed_everything(seed)
        return self.plan.task.build(self.plan.parts, self.data.facts)

    def rows(self) -> Tensor:
        """Some training examples (n,): the first, and the shortest and the longest where lengths are told."""
        train = self.data.train
        rows = list(range(min(8, len(train))))
        if isinstance(train, MeasuredSplit):
            rows += [int(train.lengths.argmin()), int(train.lengths.argmax())]
        return torch.tensor(list(dict.fromkeys(rows)))

    def batch(self, first: int = 0, count: int = 8) -> Any:
        """Training examples, not augmented."""
        last = min(first + count, len(self.data.train))
        return self.data.train.batch(torch.arange(first, last))


def lists_without_torch(plugin: str) -> None:
    """Loading the declaration and making every recipe imports nothing heavy."""
    heavy = imports_heavy(
        "from attnframe.plugin.discovery import load_plugin; from attnframe.recipe import construct\n"
        f"for task in load_plugin({plugin!r}).tasks.values():\n"
        "    [recipe.summary for recipe in task.datasets.values()]\n"
        "    [(recipe.summary, task.needs(construct(recipe, {}))) for recipe in task.models.values()]"
    )
    assert not heavy, f"the declaration imports {', '.join(heavy)}; import them inside build"


def every_attention_builds_or_is_refused(subject: Subject) -> None:
    """Each registered variant, put into the task's default configuration, computes a loss on the meta device, or is
    refused with reason and way out."""
    values = subject.plan_of().values
    heads = values["attention"]["num_heads"]
    for name, variant in attention_variants().items():
        fields = defaults(variant)
        attention = {"name": name} | fields | ({"num_heads": heads} if "num_heads" in fields else {})
        for fault in _refusal(partial(_dry_run, values | {"attention": attention})):
            assert name in str(fault), f"attention={name} is refused without being named: {fault}"
            assert fault.works, f"attention={name} is refused without advice: {fault}"


def the_example_batch_is_like_a_real_one(subject: Subject) -> None:
    """What the example batch holds has the types and numbers of axes of a real batch, so that checking with it means
    something."""
    example, real = (_form(batch) for batch in (subject.module().example_batch(8), subject.batch()))
    shared = {name: real.get(name) for name in example} if isinstance(example, dict) else real
    assert example == shared, f"the example batch is {example}, a real one {real}"


def learns(subject: Subject) -> None:
    """Two batches are learnt by heart: the loss halves."""
    module = subject.module()
    batches = [subject.batch(), subject.batch(8)]
    optimiser = build_optimiser(module, subject.plan.optim)
    for group in optimiser.param_groups:
        group["lr"] = 3e-3
    module.train()
    losses: list[float] = []
    for step in range(STEPS):
        loss, _ = module.loss(batches[step % 2])
        losses.append(loss.item())
        if step % 2 and sum(losses[-2:]) < sum(losses[:2]) / 2:
            return
        torch.autograd.backward(loss)
        optimiser.step()
        optimiser.zero_grad()
    raise AssertionError(f"the loss of two batches went from {losses[0]:.4f} to {losses[-1]:.4f} in {STEPS} steps")


def same_seed_same_bits(subject: Subject) -> None:
    """A step from the same seed gives the same weights to the bit; another seed gives others."""
    first, second, other = (_stepped(subject, seed) for seed in (1, 1, 2))
    assert _same(first, second), "two runs from one seed differ"
    assert not _same(first, other), "the seed changes nothing"


def a_saved_module_is_the_same_module(subject: Subject) -> None:
    """Facts and weights are plain, and a module built from its checkpoint gives the same outputs to the bit."""
    module = subject.module().eval()
    batch = subject.batch()
    with _saved(subject, module) as loaded, torch.no_grad():
        assert loaded.content.facts == subject.data.facts, "the facts change when they are saved"
        assert torch.equal(loaded.build()(batch), module(batch)), "the outputs change when the module is saved"


def a_run_begins_with_the_weights_of_another(subject: Subject) -> None:
    """Rows that have names are named one by one, and a module of another seed takes over every weight of a
    checkpoint of its like."""
    module, other = subject.module().eval(), subject.module(1).eval()
    parameters = dict(module.named_parameters(remove_duplicate=False))
    for name, rows in module.row_names().items():
        assert name in parameters, f"row_names tells of {name}, which is no parameter"
        count = len(parameters[name])
        assert len(rows) == count, f"{name} has {count} rows, and row_names tells {len(rows)} names"
        assert len({*rows}) == count, f"two rows of {name} have one name in row_names"
    with _saved(subject, module) as loaded:
        taken = take_weights(other, loaded)
    assert not taken.fresh, f"not taken: {', '.join(taken.fresh)}"
    batch = subject.batch()
    with torch.no_grad():
        assert torch.equal(other(batch), module(batch)), "the outputs are others with the same weights"


def the_batch_does_not_matter(subject: Subject) -> None:
    """The outputs of an example do not depend on the examples beside it, nor on how far it is filled up to their
    length."""
    module = subject.module().eval()
    rows = subject.rows()
    with torch.no_grad():
        together = module(subject.data.train.batch(rows))
        for number in range(len(together)):
            alone, beside = module(subject.data.train.batch(rows[number : number + 1]))[0], together[number]
            common = tuple(slice(0, min(sizes)) for sizes in zip(alone.shape, beside.shape, strict=True))
            torch.testing.assert_close(alone[common], beside[common], atol=1e-4, rtol=1e-4)


def half_precision_is_near(subject: Subject) -> None:
    """With bfloat16 where it helps, as ``trainer.precision=bf16`` runs it, loss and gradient are finite and the
    loss is near."""
    module = subject.module().eval()
    batch = subject.batch()
    exact, _ = module.loss(batch)
    with torch.autocast("cpu", torch.bfloat16):
        loss, _ = module.loss(batch)
    torch.autograd.backward(loss)
    assert torch.isfinite(loss), f"the loss is {loss.item()}"
    bad = [name for name, one in module.named_parameters() if one.grad is not None and not one.grad.isfinite().all()]
    assert not bad, f"gradients are not finite: {', '.join(bad)}"
    gap = abs(loss.item() - exact.item())
    assert gap <= NEAR * max(abs(exact.item()), 1), f"the loss is {loss.item():.4f}, in float32 {exact.item():.4f}"


def the_monitor_is_measured(subject: Subject) -> None:
    """The main metric is one of the metrics, and metrics are plain numbers under names without a stage."""
    module = subject.module()
    names = [*module.metrics(), "loss"]
    assert subject.plan.task.monitor.metric in names, f"{subject.plan.task.monitor.metric} is none of {names}"
    assert not [name for name in names if "/" in name], f"the framework adds the stage: {names}"


def checkpoints_stand_alone(subject: Subject) -> None:
    """A trained checkpoint is evaluated to the metrics of its run, and predicts, from nothing but itself; what exhibits
    saw of the test pass can be drawn."""
    plan = subject.plan_of(*SMALL, "trainer.max_steps=2", "trainer.limit_batches=2", "floor=false")
    with tempfile.TemporaryDirectory() as folder:
        with contextlib.redirect_stdout(io.StringIO()):
            result = train(plan, Path(folder) / "run")
        checkpoint = Path(result["checkpoint"])
        again = evaluate(checkpoint)["metrics"]
        assert again == result["metrics"], f"evaluate gives {again}, the run gave {result['metrics']}"
        shown = json.loads(RunFolder(Path(folder) / "run").panels.read_text(encoding="utf-8"))["examples"]
        told = [panel["arguments"].get("text", "") for panel in shown]
        silent = [text for text in told if "shows nothing" in text]
        assert not silent, f"an exhibit fails: {silent}"
        assert all(draw(panel) for panel in shown)
        source = load_checkpoint(checkpoint).build().example_input(Path(folder))
        output = Path(folder) / "predictions.jsonl"
        records = predict(checkpoint, source, output)
        assert records, "predict gave no record"
        assert all(next(iter(record)) == "input" for record in records), f"input must come first: {records[0]}"
        assert [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()] == records


def wrong_inputs_are_refused(subject: Subject) -> None:
    """What cannot be read is predicted for, where it can be meant as an input, or refused in the house manner."""
    module = subject.module().eval()
    with tempfile.TemporaryDirectory() as folder:
        empty, strange = Path(folder) / "empty", Path(folder) / "strange.bin"
        empty.mkdir()
        strange.write_bytes(bytes(range(256)))
        for source in (empty, strange, Path(folder) / "missing.bin"):
            try:
                faults = _refusal(partial(_predict, module, str(source), subject.plan.task.predict()))
            except Exception as error:  # whatever it is, it is not the house manner
                told = f"input={source.name} must be refused by a DataError: {type(error).__name__}: {error}"
                raise AssertionError(told) from error
            assert all(fault.where and fault.must for fault in faults), f"input={source.name}: {faults}"


def wrong_paths_are_refused(subject: Subject) -> None:
    """Data of a user's own needs `data.path`, and a path that is missing is refused in the house manner."""
    missing = Path(tempfile.gettempdir()) / "attnframe-no-such-place"
    for name in subject.plan.task.datasets:
        faults = _refusal(partial(check, [*subject.chosen, f"data={name}"]))
        if not faults:  # data that needs no path
            continue
        told = "; ".join(str(fault) for fault in faults)
        assert any("data.path" in fault.where for fault in faults), f"data={name} is refused: {told}"
        faults = _refusal(partial(subject.data_of, f"data={name}", f"data.path={missing}"))
        told = "; ".join(str(fault) for fault in faults)
        assert str(missing) in told, f"data={name} data.path={missing} must be refused by name: {told or 'it is taken'}"


def _named(*laws: Callable[[Subject], None]) -> Mapping[str, Callable[[Subject], None]]:
    return {law.__name__.replace("_", " "): law for law in laws}


LAWS = _named(
    every_attention_builds_or_is_refused,
    the_example_batch_is_like_a_real_one,
    learns,
    same_seed_same_bits,
    a_saved_module_is_the_same_module,
    a_run_begins_with_the_weights_of_another,
    the_batch_does_not_matter,
    half_precision_is_near,
    the_monitor_is_measured,
    checkpoints_stand_alone,
    answers_are_explained,
)
"""The laws of every model of a task, by name."""

TASK_LAWS = _named(wrong_paths_are_refused, wrong_inputs_are_refused)
"""The laws of a task for which no model counts."""


@contextlib.contextmanager
def _saved(subject: Subject, module: TaskModule) -> Iterator[Loaded]:
    """A module's checkpoint, written and read."""
    with tempfile.TemporaryDirectory() as folder:
        path, state = Path(folder) / "module.ckpt", dict(module.state_dict())
        Checkpoint(values=subject.plan.values, overrides=(), facts=module.facts, state=state, step=0, metrics={}).save(
            path
        )
        yield load_checkpoint(path)


def _refusal(work: Callable[[], object]) -> tuple[Fault, ...]:
    """The faults that some work is refused with; none when it is not."""
    try:
        work()
    except ConfigurationError as error:
        return error.faults
    return ()


@torch.no_grad()
def _predict(module: TaskModule, source: str, options: PredictRecipe) -> None:
    list(module.predict(module.read_inputs(source, options), options))


def _dry_run(values: Mapping[str, Any]) -> None:
    dry_run(plan_from_values(values))


def _stepped(subject: Subject, seed: int) -> dict[str, Tensor]:
    module = subject.module(seed).train()
    optimiser = build_optimiser(module, subject.plan.optim)
    loss, _ = module.loss(subject.data.augment(subject.batch()))
    torch.autograd.backward(loss)
    optimiser.step()
    return module.state_dict()


def _same(one: Mapping[str, Tensor], other: Mapping[str, Tensor]) -> bool:
    return all(torch.equal(tensor.nan_to_num(), other[name].nan_to_num()) for name, tensor in one.items())


def _form(batch: Any) -> Any:
    """Keys, types and numbers of axes of a batch."""
    if isinstance(batch, Tensor):
        return str(batch.dtype), batch.dim()
    if isinstance(batch, Mapping):
        return {name: _form(value) for name, value in batch.items()}
    if isinstance(batch, list | tuple):
        return [_form(value) for value in batch]
    return type(batch).__name__
