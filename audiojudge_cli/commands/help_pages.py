"""What the help of each command shows beside its docstring: examples that run as they are, and groups of options."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

COMMANDS = {
    "Judging": ("score", "quality", "compare", "rank", "select", "rate", "answers", "bench", "rubric", "serve"),
    "Reading a run": ("show", "table", "diff", "gate", "report", "leaderboard", "merge", "label", "calibrate"),
    "Installation": ("models", "doctor"),
}


@dataclass(frozen=True, slots=True)
class Page:
    """The help of one command.

    Attributes:
        examples: Command lines.
        groups: Names of options by the title of their group, in the order in which they are shown; what is in none is
            shown last. Without groups, all options stand under one title.
    """

    examples: tuple[str, ...] = ()
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


_SERVER = ("--base-url", "--model", "--max-requests", "--max-tokens", "--max-cost")
_GATE_FILES = ("--junit", "--markdown", "--json")
_FIELDS = ("--audio-field", "--caption-field", "--transcript-field", "--reference-field")
_LLM = ("--llm-endpoint", "--llm-model", "--llm-timeout", "--rubric-cache")
_GOING_ON = ("--fail-fast", "--max-errors", "--retry-errors", "--restart")
_TELLING = ("--quiet", "--verbose", "--log-json")
_LOGGING = ("--log", "--log-name")
_CONTEST = {
    "Judging": ("--preset", "--judge", "--device", "--strict", "--dry-run"),
    "Judging with an audio language model": ("--votes", "--seed", "--quant", "--prompts"),
    "Gate": ("--require", "--gate", *_GATE_FILES),
    "Large and long runs": ("--workers", "--cache", "--filter", "--limit", "--fail-fast", "--max-errors", "--restart"),
    "Output": ("--format",),
    "Remarks": _TELLING,
}

PAGES = {
    "": Page(
        examples=(
            'audiojudge score dog.wav --caption "A dog barks twice."',
            "audiojudge score outputs --captions captions.jsonl -o run",
            "audiojudge show run",
            "audiojudge report run",
        )
    ),
    "score": Page(
        examples=(
            'audiojudge score dog.wav --caption "A dog barks twice."',
            "audiojudge score outputs --captions captions.jsonl -o run",
            "audiojudge score manifest.csv -o run --require 'score.mean >= 0.8'",
        ),
        groups={
            "What most people need": (
                *("--caption", "--captions", "--out", "--preset", "--judge", "--device"),
                *("--limit", "--dry-run", "--require", "--format", "--quality"),
            ),
            "Input": ("--transcript", *_FIELDS, "--filter", "--sample", "--seed", "--strict"),
            "Rubrics": ("--rubrics", "--expander", *_LLM),
            "Judging with an audio language model": ("--quant", "--mode", "--prompts"),
            "Judging on a server": _SERVER,
            "Gate": ("--gate", "--baseline", "--pass-at", *_GATE_FILES),
            "Large and long runs": (
                *("--workers", "--cache", "--cache-size", "--shard", "--engine", "--ray-address", "--ray-gpus"),
                *("--watch", "--watch-idle", "--calibrate", *_GOING_ON),
            ),
            "Logging to a tracker": _LOGGING,
            "Remarks": _TELLING,
        },
    ),
    "quality": Page(
        examples=(
            "audiojudge quality outputs -o quality",
            "audiojudge quality outputs --depth full --require 'quality.mos >= 3.5'",
        ),
        groups={
            "What most people need": ("--out", "--quality", "--against", "--limit", "--require", "--format"),
            "Input": ("--captions", "--transcript", *_FIELDS, "--filter", "--sample", "--seed", "--strict"),
            "Measuring": ("--preset", "--embedding"),
            "Gate": ("--gate", "--baseline", *_GATE_FILES),
            "Large and long runs": ("--workers", "--shard", "--watch", "--watch-idle", *_GOING_ON),
            "Logging to a tracker": _LOGGING,
            "Remarks": _TELLING,
        },
    ),
    "leaderboard": Page(examples=("audiojudge leaderboard bench-en bench-en-7b -o board.html",)),
    "bench": Page(
        examples=(
            "audiojudge bench AnyAudio-Judge-Bench/en -o bench-en",
            "audiojudge bench labelled.jsonl --rubrics own --limit 200",
            "audiojudge bench mos.csv --scale mos",
            "audiojudge bench SpeechJudge-Data --split test",
        ),
        groups={
            "What most people need": ("--layout", "--rubrics", "--out", "--judge", "--device", "--limit", "--format"),
            "Input": ("--split", "--scale", "--by", "--votes", "--filter", "--sample", "--seed"),
            "Judging": ("--preset", "--quant", "--mode", "--prompts", "--workers", "--cache", "--cache-size"),
            "Judging on a server": _SERVER,
            "Large and long runs": _GOING_ON,
            "Remarks": _TELLING,
        },
    ),
    "rate": Page(
        examples=(
            "audiojudge rate outputs --instruction 'Rate the noise 1 (loud) to 5 (none)'",
            "audiojudge rate outputs --scale qualispeech -o ratings",
        ),
        groups={
            "What most people need": (
                *("--instruction", "--scale", "--out", "--judge", "--device"),
                *("--limit", "--require", "--format"),
            ),
            "Rating": ("--paraphrases", "--preset"),
            "Gate": ("--gate", "--baseline", *_GATE_FILES),
            "Input": ("--captions", "--audio-field", "--filter", "--sample", "--seed", "--strict"),
            "Judging with an audio language model": ("--quant", "--prompts"),
            "Large and long runs": ("--workers", "--shard", *_GOING_ON),
            "Remarks": _TELLING,
        },
    ),
    "compare": Page(
        examples=(
            "audiojudge compare old new",
            "audiojudge compare old new --captions captions.jsonl --by alignment",
            "audiojudge compare pairs.jsonl --require 'winrate.b >= 0.5 at 95%'",
            "audiojudge compare old new --judge speechjudge-grm --votes 10",
        ),
        groups={"What most people need": ("--by", "--captions", "--out"), **_CONTEST},
    ),
    "rank": Page(
        examples=("audiojudge rank v1 v2 v3", "audiojudge rank manifest.jsonl --system-field model --per prompt_id"),
        groups={"What most people need": ("--by", "--captions", "--system-field", "--per", "--out"), **_CONTEST},
    ),
    "select": Page(
        examples=(
            "audiojudge select outputs --captions captions.jsonl --by alignment",
            "audiojudge select takes.jsonl --per prompt_id --best 2 --to best",
        ),
        groups={
            "What most people need": ("--by", "--captions", "--per", "--best", "--to", "--link", "--out"),
            **_CONTEST,
        },
    ),
    "answers": Page(
        examples=(
            "audiojudge answers preds.jsonl --task asr",
            "audiojudge answers preds.jsonl --llm-model ./folder-of-a-model",
            "audiojudge answers template-1.jsonl template-2.jsonl --metric meteor",
        ),
        groups={
            "What most people need": ("--out", "--task", "--metric", "--format"),
            "Input": ("--tasks", "--file-is", "--prediction-field", "--reference-field", "--language"),
            "The text model that marks": (*_LLM[:3], "--device", "--workers"),
            "Failures": ("--max-errors", "--strict"),
            "Remarks": ("--quiet",),
        },
    ),
    "rubric": Page(
        examples=(
            'audiojudge rubric "A dog barks twice, then a door slams."',
            "audiojudge rubric captions.jsonl -o rubrics.jsonl",
            "audiojudge rubric check rubrics.jsonl",
        ),
        groups={
            "Options": ("--out", "--format", "--subset", "--rubric-language", "--caption-field", "--quiet"),
            "What writes the rubrics": ("--expander", *_LLM, "--judge", "--device", "--quant"),
        },
    ),
    "rubric check": Page(examples=("audiojudge rubric check rubrics.jsonl",)),
    "serve": Page(
        examples=(
            "audiojudge serve",
            "audiojudge serve --root outputs --token-env AUDIOJUDGE_TOKEN --port 8765",
        ),
        groups={
            "Where and for whom": ("--host", "--port", "--root", "--token-env"),
            "Limits": ("--max-body", "--max-duration", "--queue"),
            "Judging": (
                *("--preset", "--judge", "--device", "--expander", "--quality", "--workers", "--batch"),
                *("--quant", "--mode", "--prompts"),
                *("--base-url", "--model", "--max-requests", "--max-tokens", "--max-cost"),
            ),
            "Remarks": ("--quiet", "--log-json"),
        },
    ),
    "show": Page(examples=("audiojudge show run", "audiojudge show run dog_barks")),
    "table": Page(
        examples=("audiojudge table run", "audiojudge table run-a run-b --rows run --columns subset --value match")
    ),
    "label": Page(
        examples=(
            "audiojudge label run",
            "audiojudge label run --by ann --labels labels.jsonl --no-browser --port 8000",
        )
    ),
    "calibrate": Page(
        examples=(
            "audiojudge calibrate run",
            "audiojudge calibrate run --labels ratings.jsonl --yes-from 4 -o ours.yaml",
        )
    ),
    "gate": Page(
        examples=(
            "audiojudge gate run --require 'score.mean >= 0.8'",
            "audiojudge gate run --gate gate.yaml --junit gate.xml",
        ),
        groups={"Rules": ("--gate", "--require", "--baseline", "--pass-at"), "Files": _GATE_FILES},
    ),
    "diff": Page(examples=("audiojudge diff run-before run-after", "audiojudge diff run --by model")),
    "report": Page(
        examples=("audiojudge report run", "audiojudge report run --baseline run-before --format md"),
        groups={
            "Options": ("--out", "--format", "--baseline", "--by", "--pair-by", "--audio", "--quiet"),
            "How much is in the page": ("--clips", "--pictures", "--embed"),
        },
    ),
    "merge": Page(examples=("audiojudge merge run-1 run-2 run-3 -o run",)),
    "models convert-head": Page(examples=("audiojudge models convert-head reward_head.pt reward_head.safetensors",)),
    "models": Page(examples=("audiojudge models list", "audiojudge models pull embedded")),
}
PAGES["rubric expand"] = PAGES["rubric"]
