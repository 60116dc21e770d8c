"""Tab completion for bash and zsh: the scripts, and the candidates that they ask for. Torch-free."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal, get_args, get_origin

from attnframe.bench.settings import BenchSettings
from attnframe.cli.arguments import CFG, INFO, SWEEP
from attnframe.cli.help import COMMANDS
from attnframe.config.literal import LITERAL_KEYS
from attnframe.config.schema import GROUPS, Schema, schema_of
from attnframe.errors import ConfigurationError, Fault
from attnframe.plan_from import RunRecipe
from attnframe.plugin.contract import Plugin
from attnframe.plugin.discovery import load_plugin
from attnframe.plugin.index import PLUGIN_GROUPS, index
from attnframe.recipe import hints
from attnframe.recipes.explain import ExplainRecipe

BASH = """\
_attnframe() {
    local line="${COMP_LINE:0:COMP_POINT}" word="${COMP_LINE:0:COMP_POINT}" IFS=$'\\n'
    word="${word##* }"
    COMPREPLY=($(attnframe completion candidates "$line" 2>/dev/null))
    # bash takes what follows the last = or : as the word: leave out what stands before it
    local before="${word%"${word##*[=:]}"}"
    [[ $COMP_WORDBREAKS == *=* && -n $before ]] && COMPREPLY=("${COMPREPLY[@]#"$before"}")
    [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *[=.] ]] && compopt -o nospace
}
complete -o default -F _attnframe attnframe
"""
ZSH = """\
_attnframe() {
    local -a found
    found=(${(f)"$(attnframe completion candidates "${LBUFFER}" 2>/dev/null)"})
    if (( ${#found} )); then
        local -a open closed
        open=(${(M)found:#*[=.]})
        closed=(${found:#*[=.]})
        (( ${#open} )) && compadd -S '' -- $open
        (( ${#closed} )) && compadd -- $closed
    else
        compset -P '*='
        _files
    fi
}
compdef _attnframe attnframe
"""
SCRIPTS = {"bash": BASH, "zsh": ZSH}
KEYS = {
    "evaluate": ("ckpt=", "output=", "data=", "data.", "trainer=", "data_dir=", "seed="),
    "predict": ("ckpt=", "input=", "output=", "seed=", "predict."),
    "explain": ("ckpt=", "input=", "output=", *(f"explain.{name}=" for name in hints(ExplainRecipe)), "predict."),
    "download": ("data=", "data.", "data_dir="),
    "bench": ("attention=", "attention.", "model.dim=", "output=", *(f"{name}=" for name in hints(BenchSettings))),
}
RUNS = (*SWEEP, "--cfg", "--info", "--config-dir")
OPTIONS = {"train": RUNS, "check": RUNS, "new-plugin": ("--task=",)}


def run(argv: Sequence[str]) -> int:
    """Run the command; see `attnframe completion --help`. Returns the exit code."""
    if len(argv) == 2 and argv[0] == "candidates":
        print("\n".join(candidates(argv[1])))
        return 0
    if len(argv) != 1 or argv[0] not in SCRIPTS:
        must = "must be followed by bash or zsh"
        raise ConfigurationError(Fault("completion", must, " ".join(argv), "Try attnframe completion bash."))
    print(SCRIPTS[argv[0]], end="")
    return 0


def candidates(line: str) -> list[str]:
    """What the last word of a command line can be completed to; none where the shell shall complete file names.

    Args:
        line: the command line up to the cursor, the program's name first.
    """
    words = line.split()
    current = "" if not words or line[-1].isspace() else words.pop()
    words = words[1:]
    if not words:
        return _starting(current, [*COMMANDS, "--help", "--version"])
    command = words[0]
    if command == "list":
        from attnframe.cli.listing import KINDS

        return _starting(current, KINDS if len(words) == 1 else ())
    if command == "completion":
        return _starting(current, SCRIPTS if len(words) == 1 else ())
    if current.startswith("-"):
        return _starting(current, [*OPTIONS.get(command, ()), "--help"])
    if words[-1] in ("--cfg", "--info"):
        return _starting(current, CFG if words[-1] == "--cfg" else INFO)
    if command == "baselines":
        return _of_baselines(words[1:], current)
    if command not in ("train", "check", *KEYS):
        return []
    of_plugin = current.startswith(("model", "data."))
    schema = schema_of(index(), _plugins(words) if of_plugin else [], [])
    if command == "bench" and current.partition("=")[0] in hints(BenchSettings):
        key = current.partition("=")[0]
        return _starting(current, [f"{key}={option}" for option in _legal(hints(BenchSettings)[key])])
    return _values(current, schema) if "=" in current else _starting(current, _keys(command, current, schema))


def _of_baselines(words: Sequence[str], current: str) -> list[str]:
    # Imported here, since the other commands complete sooner without it.
    from attnframe.baselines.definition import definitions
    from attnframe.baselines.suite import suites
    from attnframe.cli.baselines import KEYS as SUITE_KEYS
    from attnframe.cli.baselines import ROWS

    if words and words[0] in ROWS:
        return _starting(current, definitions() if len(words) == 1 else ())
    if current.startswith("suite="):
        return _starting(current, [f"suite={name}" for name in suites()])
    if current.startswith("attention="):
        return _values(current, schema_of(index(), [], []))
    keys = [f"{key}=" for key in SUITE_KEYS]
    return _starting(current, keys if words else [*ROWS, *keys])


def _keys(command: str, current: str, schema: Schema) -> list[str]:
    node = current.partition(".")[0]
    fields = [f"{node}.{field}=" for field in schema.fields(node)] if "." in current and node in schema.recipes else []
    if command in KEYS:
        owner = "attention" if command == "bench" else "data"
        return fields if fields and node == owner else list(KEYS[command])
    nodes = [f"{name}." for name in schema.recipes]
    top = [f"{name}=" for name in (*GROUPS, *hints(RunRecipe))]
    resume = ["resume="] if command == "train" else []
    return fields or [*top, *nodes, *resume, "hydra.run.dir="]


def _values(current: str, schema: Schema) -> list[str]:
    key, _, value = current.partition("=")
    listed = value.rpartition(",")[0]
    start = f"{key}={listed}," if listed else f"{key}="
    if key in LITERAL_KEYS:
        return []
    options: list[str] = []
    if key in GROUPS:
        options = schema.options(key)
    elif "." in key:
        node, _, field = key.partition(".")
        recipes = schema.recipes.get(node, {}).values()
        options = [text for recipe in recipes if field in hints(recipe) for text in _legal(hints(recipe)[field])]
    elif key in hints(RunRecipe):
        options = _legal(hints(RunRecipe)[key])
    return _starting(current, [f"{start}{option}" for option in dict.fromkeys(options)])


def _legal(hint: Any) -> list[str]:
    """Values that an annotation lists; none for numbers and texts."""
    if hint is bool:
        return ["true", "false"]
    if hint is type(None):
        return ["null"]
    if get_origin(hint) is Literal:
        return [str(value) for value in get_args(hint)]
    return [text for inner in get_args(hint) for text in _legal(inner) if inner is not Ellipsis]


def _plugins(words: Iterable[str]) -> list[Plugin]:
    """The plugin that a command line selects, if it does so already."""
    given = dict(word.split("=", 1) for word in words if "=" in word)
    known = index()
    chosen = {group: given[group] for group in PLUGIN_GROUPS if (group, given.get(group)) in known.options}
    try:
        home = known.options["data", chosen["data"]].plugin if [*chosen] == ["data"] else known.settle(chosen)["plugin"]
        return [load_plugin(home)]
    except ConfigurationError:
        return []


def _starting(current: str, options: Iterable[str]) -> list[str]:
    return [option for option in options if option.startswith(current)]
