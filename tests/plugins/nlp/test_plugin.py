"""The declaration, and every dataset and preset through composition and the dry run."""

import subprocess
import sys
from pathlib import Path

import pytest
from attnframe_nlp.language_modeling import LanguageModeling
from attnframe_nlp.plugin import plugin
from attnframe_nlp.recipes.text import TextData
from attnframe_nlp.recipes.text_file import TextFile
from attnframe_nlp.recipes.wikitext2 import WikiText2

from attnframe.config.check import check
from attnframe.errors import ConfigurationError

CONF = Path(sys.modules["attnframe_nlp"].__file__ or "").parent / "conf"


def test_the_declaration_needs_no_torch() -> None:
    code = "import attnframe_nlp.plugin, sys; print(sorted({'torch', 'numpy', 'tokenizers'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_conf_and_declaration_name_the_same() -> None:
    datasets = {name for task in plugin.tasks.values() for name in task.datasets}
    assert {path.stem for path in (CONF / "data").iterdir()} == datasets
    assert {path.stem for path in (CONF / "task").iterdir()} == set(plugin.tasks)
    assert {path.stem for path in (CONF / "plugin").iterdir()} == {plugin.name}


def test_the_task_needs_causal_attention() -> None:
    task = LanguageModeling()
    assert all(task.needs(model()).causal for model in task.models.values())


@pytest.mark.parametrize("fields", [{}, {"path": "a.txt", "split": (0.9, 0.1, 0.0)}])
def test_recipes_that_are_wrong(fields: dict[str, object]) -> None:
    with pytest.raises(ConfigurationError, match=r"data\.(path|split) \(TextFile\) must "):
        TextFile(**fields)


@pytest.mark.parametrize("tokenizer", ["character", "byte", "bpe"])
def test_nominal_facts_have_the_keys_of_real_ones(tokenizer: str) -> None:
    facts = WikiText2(tokenizer=tokenizer).nominal_facts()
    assert set(facts) == {"tokenizer", "vocabulary_size", "context"}


@pytest.mark.parametrize("data", ["python_docs", "tinyshakespeare", "wikitext2", "text_file data.path=a.txt"])
def test_every_dataset_composes_and_passes_the_dry_run(data: str) -> None:
    (plan,) = check(["plugin=nlp", *f"data={data}".split()], dry_run=True).plans
    assert plan.task.name == "language_modeling"
    assert plan.parts.position.name == "rope"


@pytest.mark.parametrize("preset", sorted(path.stem for path in (CONF / "experiment").iterdir()))
def test_every_preset_composes_and_passes_the_dry_run(preset: str) -> None:
    (plan,) = check([f"experiment={preset}"], dry_run=True).plans
    assert plan.data.name in preset


def test_the_small_preset_keeps_to_its_budget() -> None:
    (plan,) = check(["experiment=tinyshakespeare_small"]).plans
    data, trainer = plan.data, plan.trainer
    assert isinstance(data, TextData)
    assert trainer.max_time is None
    assert (trainer.max_steps or 0) * data.batch_size * data.context == 2_000 * 12 * 64
    facts = {"tokenizer": {"name": "byte"}, "vocabulary_size": 65, "context": data.context}
    parameters = sum(parameter.numel() for parameter in plan.task.build(plan.parts, facts).parameters())
    assert parameters <= 800_000


def test_every_variant_composes_with_the_default() -> None:
    checked = check(["plugin=nlp", "attention=mha,mqa,gqa,window,linear,none"], sweep=True, dry_run=True)
    assert len(checked.plans) == 6


def test_models_that_read_what_they_should_predict_are_refused() -> None:
    for model, reason in (("hierarchical", "one vector of a whole text"), ("attention_cnn", "what is to be predicted")):
        with pytest.raises(ConfigurationError, match=rf"model={model} cannot serve task=language_modeling: .*{reason}"):
            check(["plugin=nlp", f"model={model}"])
