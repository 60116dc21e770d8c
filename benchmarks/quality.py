"""Runs the recorded quality benchmarks and writes one JSON record each to benchmarks/results/.

    python benchmarks/quality.py [CASE ...]              all cases when none is named; --list names them
    python benchmarks/quality.py --control [CASE ...]    the same with attention=none, recorded as control-CASE.json

Every case is a set of `attnframe train` commands, run one after another through the command line that users have.
The public sets are read from ATTNFRAME_DATA_DIR. A record holds what each run's own files say: nothing is typed in.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Any

ROOT = Path(__file__).parents[1]
RESULTS = Path(__file__).parent / "results"
CONTROL = ("attention=none", "floor=false")
VARIANTS = ("mha", "mqa", "gqa", "window", "linear", "none")


@dataclass(frozen=True)
class Case:
    """One benchmark: what is run, and what is read from it.

    Args:
        overrides: of `attnframe train`; each repeat is added to them in turn.
        metric: the reported test metric.
        bar: what it must reach.
        better: whether a larger or a smaller metric is better.
        protocol: how the number is to be read.
        repeats: overrides of one run each.
        published: the published number on this protocol, or the nearest one, with its source.
        together: whether the repeats run in one process, as a sweep.
        files: writes a user's own files to a folder, which FILES stands for in the overrides.
    """

    overrides: tuple[str, ...]
    metric: str
    bar: float | None
    better: str
    protocol: str
    repeats: tuple[str, ...] = ("seed=0",)
    published: str = ""
    together: bool = False
    files: Callable[[Path], None] | None = None


def short_pairs(folder: Path) -> None:
    """50,000 short pairs: the 29,000 captions that multi30k trains on and 21,000 numbers in words, mixed."""
    from attnframe_nlp.sentence_pairs.multi30k import Multi30kSource
    from attnframe_nlp.sentence_pairs.number_words import drawn, in_words

    source = Multi30kSource(Path(os.environ["ATTNFRAME_DATA_DIR"]), "de", "en", "2016_flickr")
    pairs = [*source.read().parts["train"]]
    pairs += [(in_words(number, "de"), in_words(number, "en")) for number in drawn(50_000 - len(pairs))]
    random.Random(0).shuffle(pairs)
    for place, ending in enumerate(("de", "en")):
        (folder / f"train.{ending}").write_text("".join(f"{pair[place]}\n" for pair in pairs), encoding="utf-8")


DIGITS = (
    "digits of scikit-learn, stratified random split 64/16/20 of seed 0, best epoch by validation, one test evaluation"
)
FOLDS = "digits of scikit-learn, five stratified folds; the defaults were chosen on the split of seed 0"
AN4 = "AN4 as 13 cepstra a frame, official parts, a tenth of the training utterances for validation, no language model"
DOCS = "Python's documentation text, default split and budget, test text in non-overlapping windows"
SHAKESPEARE = (
    "tinyshakespeare, first 90 % of characters for training and selection, "
    "the last 111,540 scored whole in non-overlapping windows"
)

MULTI30K = (
    "multi30k task 1, untokenised, lower-case words, official train and val, test_2016_flickr, best checkpoint by "
    "validation chrF, beam search of 5; lower-case BLEU on 13a tokens, sacreBLEU too, with signatures"
)

THREE_SEEDS = ("seed=0", "seed=1", "seed=2")
SEEDS, TEN_FOLDS = tuple(f"seed={k}" for k in range(10)), tuple(f"data.fold={k}" for k in range(10))
CITATIONS = "public split, full batch, best validation of a fixed recipe, ten seeds in one process"
GIVEN_FOLDS = "the ten given folds, all other graphs train, last epoch of a recipe that no test fold chose"

FORECAST = (
    "MSE of series standardised with the training rows, every test window, horizon 96, {}, borders of 12/4/4 months"
)
ARCHIVE = "the archive's training and test series, a fifth of training for validation, best epoch by validation loss"
BEAUTY = "S3-Rec's file Beauty, leave one out, all users, all items ranked but those seen; 20 minutes of fit"

CASES: dict[str, Case] = {
    "digits": Case(("plugin=vision",), "test/accuracy", 0.98, "max", DIGITS, THREE_SEEDS),
    "digits_folds": Case(
        ("plugin=vision",), "test/accuracy", None, "max", FOLDS, tuple(f"data.fold={k}" for k in range(5))
    ),
    "fashion_mnist": Case(
        ("plugin=vision", "data=fashion_mnist", "model.stem=conv"),
        "test/accuracy",
        0.905,
        "max",
        "official 60k/10k, validation cut from train, 10 minutes of fit, no test-time augmentation",
    ),
    "shapes": Case(
        ("task=object_detection",),
        "test/map50",
        None,
        "max",
        "generated shapes, 300 / 100 / 100 pictures, COCO's mAP@0.5",
    ),
    "bccd": Case(
        ("task=object_detection", "data=bccd"),
        "test/map50",
        0.60,
        "max",
        "official 205 / 87 / 72, mAP@0.5 over 3 classes, from scratch in 10 minutes of fit, best epoch by validation",
        THREE_SEEDS,
        published="0.923, YOLOv5x in mkang315/CST-YOLO README, 640 pixels, weights from COCO or long training",
    ),
    "tinyshakespeare_small": Case(
        ("plugin=nlp", "experiment=tinyshakespeare_small"),
        "test/nats_per_character",
        1.72,
        "min",
        SHAKESPEARE + "; 0.8 M parameters, 1.54 M characters seen in training",
        published="1.88, karpathy/nanoGPT README, CPU recipe of equal size and characters, scored on 20 random batches",
    ),
    "tinyshakespeare": Case(
        ("plugin=nlp", "experiment=tinyshakespeare"),
        "test/nats_per_character",
        1.52,
        "min",
        SHAKESPEARE + "; 10 minutes of fit",
        published="1.4697, karpathy/nanoGPT README, 10.65 M parameters on one A100",
    ),
    "number_words": Case(
        ("task=translation",),
        "test/exact_match",
        0.99,
        "max",
        "numbers up to 999,999 in words, English to German, no number in two parts, 2 minutes of fit",
        THREE_SEEDS,
    ),
    "multi30k_de_en": Case(
        ("task=translation", "data=multi30k"),
        "test/bleu",
        20.0,
        "max",
        MULTI30K + "; 10 minutes of fit",
        THREE_SEEDS,
        published="36.52, bentrevett/pytorch-seq2seq, 9.0 M parameters, spaCy tokens, greedy, on a GPU",
    ),
    "multi30k_long": Case(
        ("experiment=multi30k_long",),
        "test/bleu",
        36.5,
        "max",
        MULTI30K + "; at most 90 minutes of fit",
        published="36.52, bentrevett/pytorch-seq2seq, 9.0 M parameters, spaCy tokens, greedy, on a GPU",
    ),
    "multi30k_en_de": Case(
        ("task=translation", "data=multi30k", "data.source=en", "data.target=de"),
        "test/bleu",
        18.0,
        "max",
        MULTI30K + "; 10 minutes of fit",
    ),
    "parallel_text": Case(
        ("task=translation", "data=parallel_text", "data.path=FILES", "data.source=de", "data.target=en"),
        "test/bleu",
        None,
        "max",
        "50,000 short pairs as a user's own files (29,000 captions of multi30k and 21,000 numbers in words, mixed), "
        "German to English, a tenth each split off for validation and test, all settings the defaults; 10 minutes of "
        "fit",
        files=short_pairs,
    ),
    **{
        f"{data}_{lookback}": Case(
            ("plugin=timeseries", f"model={model}", f"data={data}", f"data.lookback={lookback}"),
            "test/mse",
            bar,
            "min",
            FORECAST.format(f"lookback {lookback}"),
            THREE_SEEDS,
            published=published,
            together=True,
        )
        for data, model, lookback, bar, published in (
            (
                "etth1",
                "inverted",
                96,
                0.383,
                "0.386 iTransformer (Liu et al. 2024, table 10), 0.414 PatchTST at this lookback (same table)",
            ),
            ("etth1", "inverted", 336, 0.370, "0.375 PatchTST/42 (Nie et al. 2023, table 3)"),
            ("ettm1", "patches", 336, 0.295, "0.290 PatchTST/42 (Nie et al. 2023, table 3)"),
        )
    },
    **{
        data: Case(
            ("task=series_classification", f"data={data}"),
            "test/accuracy",
            bar,
            "max",
            ARCHIVE,
            THREE_SEEDS,
            together=True,
        )
        for data, bar in (("japanese_vowels", 0.98), ("basic_motions", 0.97), ("ecg200", 0.88))
    },
    "sasrec_games": Case(
        ("experiment=sasrec_games",),
        "test/ndcg@10",
        0.45,
        "max",
        "SASRec's file Video, leave one out, all users, the true item against 100 drawn uniformly; 10 minutes of fit; "
        "the bar of HR@10 is 0.65",
        THREE_SEEDS,
        published="HR@10 0.7410, NDCG@10 0.5360, Kang and McAuley 2018, 10,000 users drawn",
    ),
    "sasrec_games_as_published": Case(
        (
            "experiment=sasrec_games",
            "attention.dropout=0.2",
            "model.dim=50",
            "model.dropout=0.2",
            "model.loss=bce",
            "model.negatives=1",
            "model.transition_skip=false",
            "optim.lr=1e-3",
        ),
        "test/ndcg@10",
        None,
        "max",
        "SASRec's settings (width 50, one negative for each item, dropout 0.2 everywhere, no skip), protocol and time "
        "of sasrec_games",
        published="HR@10 0.7410, NDCG@10 0.5360, Kang and McAuley 2018, 10,000 users drawn",
    ),
    "sasrec_games_long": Case(
        ("experiment=sasrec_games_long",),
        "test/ndcg@10",
        0.53,
        "max",
        "SASRec's file Video, leave one out, all users, the true item against 100 drawn uniformly; at most an hour of "
        "fit; the bar of HR@10 is 0.735",
        published="HR@10 0.7410, NDCG@10 0.5360, Kang and McAuley 2018, 10,000 users drawn",
    ),
    "s3rec_beauty": Case(
        ("experiment=s3rec_beauty",),
        "test/ndcg@10",
        0.046,
        "max",
        BEAUTY,
        THREE_SEEDS,
        published="0.0318, SASRec in RUCAIBox/CIKM2020-S3Rec; 0.0403, salesforce/ICLRec README",
    ),
    "s3rec_beauty_without_skip": Case(
        ("experiment=s3rec_beauty", "model.transition_skip=false"), "test/ndcg@10", None, "max", BEAUTY
    ),
    "ml_100k_clicks": Case(
        ("experiment=ml_100k_clicks",),
        "test/auc",
        0.775,
        "max",
        "MovieLens 100k, rating of 4 or more, random 80/10/10 of seed 2020, best epoch by validation",
        THREE_SEEDS,
    ),
    "generated_sessions": Case(
        ("plugin=recommendation",), "test/ndcg@10", None, "max", "second-order Markov sessions, full ranking"
    ),
    "generated_clicks": Case(
        ("task=click_prediction",), "test/auc", None, "max", "events of known probabilities, random 80/10/10"
    ),
    **{
        f"vision_{model}": Case(("plugin=vision", f"model={model}"), "test/accuracy", bar, "max", DIGITS)
        for model, bar in (("attention_cnn", 0.98), ("hierarchical", None))
    },
    "cora": Case(
        ("plugin=graph", "data=cora"),
        "test/accuracy",
        0.825,
        "max",
        CITATIONS,
        SEEDS,
        published="0.830 with deviation 0.007, GAT (Velickovic et al. 2018); 0.815, GCN (Kipf and Welling 2017)",
        together=True,
    ),
    "citeseer": Case(
        ("plugin=graph", "data=citeseer"),
        "test/accuracy",
        0.715,
        "max",
        CITATIONS,
        SEEDS,
        published="0.725 with deviation 0.007, GAT (Velickovic et al. 2018); 0.703, GCN (Kipf and Welling 2017)",
        together=True,
    ),
    "mutag": Case(
        ("task=graph_classification", "data=mutag"),
        "test/accuracy",
        0.86,
        "max",
        GIVEN_FOLDS,
        TEN_FOLDS,
        published="0.894 with deviation 0.056, GIN (Xu et al. 2019), at the best epoch of the folds' mean",
        together=True,
    ),
    "proteins": Case(
        ("task=graph_classification", "data=proteins"),
        "test/accuracy",
        0.74,
        "max",
        GIVEN_FOLDS,
        TEN_FOLDS,
        published="0.733 with deviation 0.040, GIN evaluated fairly (Errica et al. 2020)",
        together=True,
    ),
    "esol": Case(
        ("task=graph_regression", "data=esol"),
        "test/rmse",
        0.75,
        "min",
        "random split 80/10/10 of seed 0, best validation, three seeds",
        THREE_SEEDS,
        published="0.58, MPNN (Wu et al. 2018); 0.503, AttentiveFP (Xiong et al. 2020), other random splits",
        together=True,
    ),
    **{
        name: Case(
            (f"experiment={name}",),
            metric,
            bar,
            "max",
            protocol,
            THREE_SEEDS,
            published=published,
        )
        for name, metric, bar, protocol, published in (
            (
                "sst2",
                "test/accuracy",
                0.824,
                "official 6,920/872/1,821 sentences without phrases, best epoch by validation",
                "0.827, CNN with random vectors, trained with phrases (Kim 2014)",
            ),
            (
                "trec6",
                "test/accuracy",
                0.88,
                "official 5,452/500, a tenth of training for validation, best epoch by validation",
                "0.912, CNN with random vectors (Kim 2014)",
            ),
            (
                "atis",
                "test/slot_f1",
                0.94,
                "4,478/500/893, one model for slots and intents (bar of test/intent_accuracy 0.95), best epoch by "
                "accuracy of the tags in validation",
                "0.952 and 0.941, attention BLSTM with slot gate (Goo et al. 2018)",
            ),
            (
                "protein_ss",
                "test/accuracy",
                0.65,
                "CB513, Q3 of the residues that it does not mask; trained on FLIP's 9,712 proteins, best epoch by "
                "its validation part",
                "0.70, transformer without pretraining (TAPE, Rao et al. 2019)",
            ),
        )
    },
    "fsdd": Case(
        ("plugin=speech", "data=fsdd"),
        "test/accuracy",
        0.97,
        "max",
        "fsdd, repetitions 0 to 4 of every speaker for test, a tenth of the rest for validation",
        THREE_SEEDS,
    ),
    "fsdd_speakers": Case(
        ("plugin=speech", "data=fsdd", "data.protocol=speaker"),
        "test/accuracy",
        0.75,
        "max",
        "fsdd, each of 6 speakers left out for test in turn, validation on recordings of the other five",
        tuple(f"data.fold={k}" for k in range(6)),
    ),
    "an4": Case(
        ("experiment=an4",),
        "test/cer",
        0.35,
        "min",
        AN4 + "; 10 minutes of fit",
        THREE_SEEDS,
        published="0.036, ESPnet2 Transformer on filterbanks of the audio with speed perturbation and a language model",
    ),
    "an4_hour": Case(
        ("experiment=an4_hour",),
        "test/cer",
        0.15,
        "min",
        AN4 + "; an hour of fit",
        published="0.036, ESPnet2 Transformer on filterbanks of the audio with speed perturbation and a language model",
    ),
    "nlp_attention_rnn": Case(("plugin=nlp", "model=attention_rnn"), "test/nats_per_character", None, "min", DOCS),
    **{
        f"vision_{name}": Case(("plugin=vision", f"attention={name}"), "test/accuracy", None, "max", DIGITS)
        for name in VARIANTS
    },
    **{
        f"nlp_{name}": Case(
            ("plugin=nlp", f"attention={name}"),
            "test/nats_per_character",
            None,
            "min",
            DOCS,
        )
        for name in VARIANTS
    },
}


def processor() -> str:
    """The processor's name as the system gives it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor()


def commit() -> str:
    """The commit that is run, marked when the tree differs from it."""
    git = ["git", "-C", str(ROOT)]
    head = subprocess.run([*git, "rev-parse", "HEAD"], capture_output=True, text=True, check=True).stdout.strip()
    changes = [*git, "status", "--porcelain", "-uno", "--", ".", ":!benchmarks/results"]
    dirty = subprocess.run(changes, capture_output=True, text=True, check=True).stdout
    return head + ("+changes" if dirty else "")


def attnframe(arguments: Sequence[str]) -> None:
    """Run one command line, without a progress bar."""
    full = [*arguments, "trainer.progress=false"]
    done = subprocess.run([str(Path(sys.executable).with_name("attnframe")), *full], check=False)
    if done.returncode:
        raise SystemExit(f"attnframe {' '.join(full)} ended with exit code {done.returncode}")


def run(case: Case, folder: Path) -> dict[str, Any]:
    """Run every repeat of a case and collect what the runs recorded."""
    runs = []
    command = ["attnframe", "train", *case.overrides]
    overrides = [*case.overrides]
    if case.files is not None:
        files = folder / "files"
        files.mkdir()
        case.files(files)
        overrides = [override.replace("FILES", str(files)) for override in overrides]
    began = perf_counter()
    if case.together:
        key = case.repeats[0].split("=")[0]
        values = ",".join(repeat.split("=")[1] for repeat in case.repeats)
        attnframe(["train", "-m", *overrides, f"{key}={values}", f"hydra.sweep.dir={folder}"])
    for number, repeat in enumerate(case.repeats):
        where = folder / (str(number) if case.together else repeat.replace("=", "-"))
        if not case.together:
            attnframe(["train", *overrides, repeat, f"hydra.run.dir={where}"])
        result = json.loads((where / "result.json").read_text(encoding="utf-8"))
        environment = json.loads((where / "environment.json").read_text(encoding="utf-8"))
        keep = ("seed", "status", "metrics", "floor", "parameters", "seconds", "throughput", "peak_memory_bytes")
        runs.append(
            {"repeat": repeat} | {key: result[key] for key in keep} | {"data_hash": environment.get("data_hash")}
        )
    values = [one["metrics"][case.metric] for one in runs]
    mean = statistics.fmean(values)
    reached = None if case.bar is None else (mean >= case.bar if case.better == "max" else mean <= case.bar)
    return {
        "command": " ".join(command),
        "protocol": case.protocol,
        "published": case.published,
        "metric": case.metric,
        "mean": mean,
        "deviation": statistics.stdev(values) if len(values) > 1 else None,
        "bar": case.bar,
        "reached": reached,
        "wall_seconds": round(perf_counter() - began, 1),
        "runs": runs,
        "commit": commit(),
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d"),
        "hardware": f"{processor()}, {os.cpu_count()} cores",
        "versions": environment.get("versions"),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cases", nargs="*", metavar="CASE")
    parser.add_argument("--control", action="store_true", help="run the cases without attention")
    parser.add_argument("--list", action="store_true", help="name the cases and leave")
    given = parser.parse_args()
    if given.list:
        print("\n".join(CASES))
        return
    unknown = sorted(set(given.cases) - set(CASES))
    if unknown:
        parser.error(f"unknown: {', '.join(unknown)}; known: {', '.join(CASES)}")
    RESULTS.mkdir(exist_ok=True)
    for name in given.cases or CASES:
        case, kind = CASES[name], "quality"
        if given.control:
            case, kind = replace(case, overrides=(*case.overrides, *CONTROL), bar=None), "control"
        with tempfile.TemporaryDirectory() as folder:
            record = run(case, Path(folder))
        target = RESULTS / f"{kind}-{name}.json"
        target.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
        print(f"{name}: {record['metric']} {record['mean']:.4f} (bar {record['bar']}) in {target.name}", flush=True)


if __name__ == "__main__":
    main()
