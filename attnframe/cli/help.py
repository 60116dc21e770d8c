"""Help of the program and of each command. Torch-free."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Command:
    """One command of the program.

    Args:
        module: its module in `attnframe.cli`.
        summary: one line.
        usage: the command line.
        details: what the help of the command adds.
    """

    module: str
    summary: str
    usage: str
    details: str


_CHOICES = """\
Choices (what is there: attnframe list GROUP)
  plugin=NAME         a domain; brings its default task, data, model size and attention
  task=NAME           a task; implies its plugin
  data=NAME           a dataset; a user's own data needs data.path=PATH
  attention=NAME      a variant, or path/to/file.py that defines one
  position=NAME       a position scheme
  model=NAME          a model of the task, or a size instead of what task and data suggest
  experiment=NAME     a preset of choices and fields
  optim=NAME  trainer=cpu|gpu  debug=overfit|few_batches|profile|gradients

Fields (what an option has: attnframe list attention, attnframe list model, …)
  attention.num_heads=8  model.dim=256  model.depth=6  optim.lr=1e-3  data.batch_size=64
  trainer.max_epochs=10  trainer.max_steps=1000  trainer.max_time=00:00:10:00 (DD:HH:MM:SS)
  seed=0              of weights, order and augmentation
  floor=false         skip the simple method that is computed beside
  control=true        train the same model with attention=none beside
  ckpt=FILE           begin with the weights of a checkpoint, as far as they fit
  logger=[tensorboard,wandb,mlflow]   besides metrics.csv
  data_dir=PATH       root of the datasets (or the variable ATTNFRAME_DATA_DIR); may be read-only
  hydra.run.dir=PATH  the run folder, instead of runs/<plugin>-<task>/<time>-<id>
"""

COMMANDS: dict[str, Command] = {
    "train": Command(
        "train",
        "train, test the best checkpoint and write the run folder; -m sweeps",
        "attnframe train plugin=NAME|task=NAME [CHOICE=OPTION …] [FIELD=VALUE …] [-m]\n"
        "       attnframe train resume=RUN",
        f"""\
{_CHOICES}
Options
  -m                  sweep: comma lists and ranges give one run each, and a summary at the end
  --cfg job           print the composed configuration and stop; --info defaults shows where it comes from
  --config-dir DIR    a folder of presets of your own (DIR/experiment/NAME.yaml)

Examples
  attnframe train plugin=vision attention=gqa
  attnframe train -m plugin=vision attention=mha,gqa,window seed=0,1,2
  attnframe train task=image_classification data=image_folder data.path=pictures/
  attnframe train plugin=vision attention=my_variant.py
  attnframe train resume=runs/vision-image_classification/2025-01-31_12-00-00-a1b2c3

Exit codes: 0 done, 1 the run failed, 2 the configuration or input is wrong, 130 interrupted.""",
    ),
    "evaluate": Command(
        "evaluate",
        "evaluate a checkpoint, from the checkpoint alone",
        "attnframe evaluate ckpt=FILE [data=NAME] [data.FIELD=VALUE …] [trainer=cpu|gpu] [data_dir=PATH]\n"
        "       [output=FILE.json]",
        """\
The checkpoint holds its configuration; only data, trainer, data_dir and seed can be changed.

Examples
  attnframe evaluate ckpt=RUN/checkpoints/best.ckpt
  attnframe evaluate ckpt=best.ckpt data=image_folder data.path=other_pictures/""",
    ),
    "predict": Command(
        "predict",
        "predict for a file, a folder or a text of your own",
        "attnframe predict ckpt=FILE input=FILE|FOLDER|TEXT [output=FILE.jsonl|FILE.csv]\n"
        "       [predict.FIELD=VALUE …] [seed=N]",
        """\
Prints one JSON line an input, with probabilities where there are classes; output= writes JSON lines or CSV, by its
ending, instead.

Examples
  attnframe predict ckpt=best.ckpt input=digit.png
  attnframe predict ckpt=best.ckpt input=pictures/ output=labels.csv
  attnframe predict ckpt=best.ckpt input="Once upon a time" predict.temperature=0.8""",
    ),
    "explain": Command(
        "explain",
        "show what attention read for an answer, and test whether to believe it",
        "attnframe explain ckpt=FILE input=FILE|FOLDER|TEXT [output=FOLDER] [explain.FIELD=VALUE …]\n"
        "       [predict.FIELD=VALUE …]",
        """\
Writes one offline page (explanation.html), its pictures and its numbers (explanation.json): the parts of the input by
attention rollout and by attention weighed with gradients, in the domain's own picture; layers and heads; and curves of
deletion against random order, which say whether a map is faithful.

Fields
  output=FOLDER        instead of RUN/explanations/NAME
  explain.inputs=2     most inputs that are explained, the first ones
  explain.named=NAME   one input, as predict names it: a node, FILE:LINE, a user, FILE case 3
  explain.orders=10    random orders that maps are held against
  explain.steps=16     points of a curve
  explain.heads=24     most heads that are drawn one by one

Examples
  attnframe explain ckpt=RUN/checkpoints/best.ckpt input=digit.png
  attnframe explain ckpt=best.ckpt input="show me flights to boston" output=why/""",
    ),
    "check": Command(
        "check",
        "validate a configuration or a sweep without running it; all faults at once",
        "attnframe check plugin=NAME|task=NAME [CHOICE=OPTION …] [FIELD=VALUE …] [-m]",
        f"""\
Checks names, types, ranges, pairs of variant, position and task, and one example batch on the meta device. Reads no
data, but says when data.path does not exist.

{_CHOICES}
Examples
  attnframe check plugin=vision attention=gqa attention.num_kv_heads=3
  attnframe check -m plugin=vision,nlp attention=mha,linear position=rope,alibi""",
    ),
    "bench": Command(
        "bench",
        "speed, memory and scaling of the variants beside the layers of other libraries",
        "attnframe bench [attention=NAME|FILE,…] [lengths=N,…] [FIELD=VALUE …] [output=FOLDER|FILE.json]",
        """\
Times every variant and the layers of installed packages that compute the same, in interleaved rounds, and measures
peak memory in a fresh process for each. Ratios are medians over rounds of another's time over ours: above 1 ours is
faster. A variant that cannot take part is shown with the reason.

Fields
  attention=mha,window  variants, or files that define one; every variant without it
  case=layer            forward and backward of one layer; decoding: tokens a second with a cache; edges: over a graph
  lengths=512,1024,2048 tokens; with case=decoding the tokens in the cache (1024,4096)
  graphs=2708x10556     of case=edges, NODESxEDGES each
  mode=causal           or noncausal
  model.dim=512         width (64 with case=edges)
  attention.num_heads=8 and the other fields of the variants: attnframe list attention
  batch=1  dtype=float32  device=cpu  threads=null (torch's default)  seed=0
  seconds=0.5           for each layer of a comparison, at each size
  patience=4            a layer whose step took longer, in seconds, is left out of larger sizes
  memory=true           false skips the measurement of memory
  peers=true            false for none, or families: pytorch, x_transformers, transformers, timm, local_attention,
                        performer_pytorch, linformer, nystrom_attention, flash_linear_attention, torch_geometric
  output=FOLDER         instead of runs/bench/<time>-<id>, for record.json, table.csv, scaling.html; or FILE.json, for
                        the record alone

Examples
  attnframe bench
  attnframe bench attention=mha,window,linear lengths=1024,2048,4096,8192 attention.window=256
  attnframe bench case=decoding attention=mha,gqa,window,linear lengths=1024,4096
  attnframe bench case=edges attention=gat,gatv2,graph_transformer
  attnframe bench attention=my_variant.py mode=noncausal

Exit codes: 0 done, 1 a variant failed, 2 what is asked is wrong, 130 interrupted; what was measured is written.""",
    ),
    "baselines": Command(
        "baselines",
        "run a suite of baselines: tasks x variants x seeds beside control, floor and published numbers",
        "attnframe baselines [suite=NAME|FILE.yaml] [output=FOLDER] [KEY=VALUE …]\n"
        "       attnframe baselines list [ROW]\n"
        "       attnframe baselines verify ROW [seed=N] [output=FOLDER]\n"
        "       attnframe baselines record ROW [control=true] [add=true] [output=FOLDER]",
        """\
Runs every cell of a suite with every variant that can serve it and with the control (attention=none), and ends with
one table: mean and deviation over seeds, cost, floor, published number, and whether the difference to the control is
more than noise. Run again with the same output, it goes on with what is left; pairs that cannot work are shown with
the reason. list shows the recorded baselines; verify reruns one with another seed and compares within its tolerance.
record trains a baseline of a plugin with every seed or fold, or its control, and writes what came out to records/
beside its definition; add=true keeps what is recorded and trains the rest.

Keys
  suite=smoke         minutes; cpu: hours, all tasks; patterns: five uses of attention; or FILE.yaml of your own
  output=FOLDER       instead of runs/baselines-<suite>/<time>-<id>; what is done there is not done again
  cells=NAME,…        some cells of the suite only
  attention=NAME,…    instead of the suite's variants; names, or files that define one; all for every one
  also=NAME,…         besides the suite's variants
  seeds=0,1,2  time=00:00:01:30 (budget of the fit of a run, DD:HH:MM:SS)  data_dir=PATH
  plan=true           shows what would be run, and runs nothing
  hydra/launcher=joblib hydra.launcher.n_jobs=4    runs in parallel; submitit_slurm on a cluster, ray likewise

Examples
  attnframe baselines
  attnframe baselines suite=patterns also=my_variant.py
  attnframe baselines verify digits
  attnframe baselines record digits
  attnframe baselines suite=cpu output=runs/cpu hydra/launcher=joblib hydra.launcher.n_jobs=4

Exit codes: 0 done, 1 a run failed or a row is outside its tolerance, 2 what is asked is wrong, 130 interrupted.""",
    ),
    "download": Command(
        "download",
        "fetch a public dataset beforehand, its licence shown",
        "attnframe download data=NAME [data.FIELD=VALUE …] [data_dir=PATH]",
        """\
For machines without a network: fetch where there is one, copy the folder, and set data_dir= or ATTNFRAME_DATA_DIR.

Examples
  attnframe download data=fashion_mnist
  attnframe download data=fashion_mnist data_dir=/mnt/datasets""",
    ),
    "list": Command(
        "listing",
        "show what is there: plugins, tasks, attention, position, data, model, …",
        "attnframe list [plugins|tasks|attention|position|data|model|optim|trainer|experiment|debug]",
        """\
Examples
  attnframe list attention        variants with what they can do, and their fields
  attnframe list tasks            tasks with what they need of a variant""",
    ),
    "new-plugin": Command(
        "new_plugin",
        "write a package with a plugin that trains and passes its conformance tests",
        "attnframe new-plugin NAME [--task TASK] [FOLDER]",
        """\
Writes FOLDER (attnframe-NAME unless given): a package with plugin=NAME, one task, embedded data, options, README,
tests and a CI file. The names must be new. docs/write-a-plugin.md goes on from there.

Examples
  attnframe new-plugin proteins
  attnframe new-plugin proteins --task fold_recognition work/attnframe-proteins""",
    ),
    "new-attention": Command(
        "new_attention",
        "write a package with an attention variant that passes its conformance tests",
        "attnframe new-attention NAME [FOLDER]",
        """\
Writes FOLDER (attnframe-NAME unless given): a package with attention=NAME, tests and a CI file. Its variant.py can also
be used as a file, attention=FOLDER/attnframe_NAME/variant.py. docs/write-a-variant.md goes on from there.

Examples
  attnframe new-attention softplus
  attnframe new-attention softplus work/attnframe-softplus""",
    ),
    "doctor": Command(
        "doctor",
        "versions, devices, installed plugins and what is wrong with each",
        "attnframe doctor",
        "Linux on CPU and CUDA is supported; macOS and MPS are tried. The exit code is 1 when something is wrong.",
    ),
    "completion": Command(
        "completion",
        "print the script that makes bash or zsh complete attnframe's words",
        "attnframe completion bash|zsh",
        """\
Examples
  eval "$(attnframe completion bash)"     in ~/.bashrc
  eval "$(attnframe completion zsh)"      in ~/.zshrc, after compinit""",
    ),
}
"""Every command, in the order in which the help shows them."""


def program_help() -> str:
    """The help of the program."""
    commands = "\n".join(f"  {name:<14} {command.summary}" for name, command in COMMANDS.items())
    return f"""\
attnframe: one attention engine, every domain, any variant by one override.

Usage: attnframe COMMAND [KEY=VALUE …] [OPTIONS]

Commands
{commands}

attnframe COMMAND --help says more; attnframe --version prints the version.

Start with
  attnframe train plugin=vision attention=gqa
  attnframe list attention"""


def command_help(name: str) -> str:
    """The help of one command."""
    command = COMMANDS[name]
    return f"attnframe {name}: {command.summary}\n\nUsage: {command.usage}\n\n{command.details}"
