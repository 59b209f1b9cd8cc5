"""Write the run folder that shards make together: the same files, byte for byte, as those of a run without shards."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from audiojudge_cli.calibration.file import calibration_of
from audiojudge_cli.errors import InputError
from audiojudge_cli.results.index import parse_record
from audiojudge_cli.results.record import JudgeRef
from audiojudge_cli.results.rule import DecisionRule
from audiojudge_cli.results.summary import Tally
from audiojudge_cli.results.worst import Worst, WorstClip
from audiojudge_cli.results.write import write_json, writing_files
from audiojudge_cli.runs.folder import JOURNAL, PROBLEMS, RUN, SUMMARY, drop_earlier, run_folder, unwritable
from audiojudge_cli.runs.merge import Gaps, Part, find_gaps, joined, opened_parts
from audiojudge_cli.runs.outcome import NOT_JUDGED, outcome
from audiojudge_cli.runs.preset import DecisionOptions, RequiredOptions
from audiojudge_cli.text.atomic import write_text, writing
from audiojudge_cli.text.counted import counted
from audiojudge_cli.text.inputs import read_regular
from audiojudge_cli.text.jsonl import loads
from audiojudge_cli.text.terminal import shown

Options = TypeVar("Options", bound=BaseModel)
_SUMMED = ("judged", "kept", "failed", "expanded")


def merge(
    folders: Sequence[Path], out: Path, *, partial: bool = False, restart: bool = False, arguments: Sequence[str] = ()
) -> tuple[int, str | None, dict[str, Any], list[WorstClip]]:
    """Join shards into one run folder.

    Args:
        folders: Their run folders, in any order; nothing in them is changed.
        out: The folder to make. An earlier merge in it is replaced.
        partial: Join what there is even if clips are missing; the exit code is then 3.
        restart: Replace any other run in `out`.
        arguments: The command line, for `run.json`.

    Returns:
        Exit code, the reason when it is not 0, content of `summary.json`, the worst clips.

    Raises:
        InputError: If the shards do not belong together, clips are missing, or `out` holds something else.
        NotJudgedError: If a file cannot be written.
    """
    if out.resolve() in {folder.resolve() for folder in folders}:
        raise InputError(f"--out {shown(out)} is one of the shards; give another folder")
    with opened_parts(folders) as parts:
        gaps = find_gaps(parts)
        if gaps.text and not partial:
            raise InputError(f"{gaps.text}; add or finish them, or join the others with --partial")
        if not (restart or _may_be_replaced(out)):
            raise InputError(f"{shown(out)} holds another run; give another --out, or --restart to drop it")
        with run_folder(out):
            drop_earlier(out)
            try:
                return _write(parts, gaps, out, list(arguments))
            except OSError as error:
                raise unwritable(out, error) from error


def _write(
    parts: Sequence[Part], gaps: Gaps, out: Path, arguments: list[str]
) -> tuple[int, str | None, dict[str, Any], list[WorstClip]]:
    info = _info(parts, arguments)
    options = info["preset"]["options"]
    judge = JudgeRef(info["judge"]["name"], info["judge"]["fingerprint"])
    tally, worst = Tally(judge, _rule(options, parts[0])), Worst()
    write_json(out / RUN, info)
    with writing(out / JOURNAL) as journal, writing_files(out) as files:
        for clip_id, line in joined(parts):
            if line is None:
                continue
            record = parse_record(line)
            if record.id != clip_id or record.judge != judge:
                raise InputError(f"the shards hold a record of another clip or judge for {shown(clip_id)}")
            journal.write(line.decode())
            files.add(record)
            tally.add(record)
            worst.add(record)
    # Every part lists what the whole manifest left out.
    if (listed := parts[0].folder / PROBLEMS).is_file():
        write_text(out / PROBLEMS, listed.read_text(encoding="utf-8"))
    summary = tally.summary(pending=gaps.missing + gaps.pending)
    write_json(out / SUMMARY, summary)
    code, reason = _outcome(summary, info, gaps, _read(RequiredOptions, options, "require", parts[0]))
    info["counts"] |= {"pending": gaps.missing + gaps.pending}
    write_json(out / RUN, info | {"state": "finished", "exit_code": code, "reason": reason})
    return code, reason, summary, worst.clips()


def _rule(options: Any, part: Part) -> DecisionRule:  # noqa: ANN401 - JSON by anybody
    """Return how the parts decided: by the numbers of a calibration where their preset had one."""
    decision = _read(DecisionOptions, options, "decision", part)
    if options.get("calibration") is None:
        return decision.rule
    return calibration_of(options["calibration"], shown(part.folder / RUN)).rule(decision.threshold)


def _read(kind: type[Options], options: Any, name: str, part: Part) -> Options:  # noqa: ANN401 - JSON by anybody
    """Return some options of the preset that the parts share."""
    try:
        return kind.model_validate(options[name])
    except (KeyError, TypeError, ValidationError) as error:
        raise InputError(
            f"{shown(part.folder / RUN)}: {name} of its preset cannot be used; score that shard again with --restart"
        ) from error


def _outcome(
    summary: dict[str, Any], info: dict[str, Any], gaps: Gaps, require: RequiredOptions
) -> tuple[int, str | None]:
    counts = info["counts"]
    code, reason = outcome(
        summary, require, interrupted=False, broken=counts.get("broken", 0), rows=counts.get("rows", 0)
    )
    if gaps.text and code == 0:
        total = counted(summary["clips"]["total"], "clip")
        return NOT_JUDGED, f"merged {summary['clips']['total'] - gaps.missing - gaps.pending} of {total}: {gaps.text}"
    return code, reason


def _info(parts: Sequence[Part], arguments: list[str]) -> dict[str, Any]:
    """Return the `run.json` of all shards: what they share from the first, counts and times added up."""
    info = copy.deepcopy(parts[0].info)
    distinct = list({part.head.shard: part for part in parts}.values())
    infos = [part.info for part in distinct]
    info["state"], info["reason"], info["exit_code"], info["arguments"] = "running", None, None, arguments
    info["inputs"]["shard"] = None
    for name in _SUMMED:
        info["counts"][name] = sum(each["counts"].get(name, 0) for each in infos)
    info["counts"] |= {"clips": parts[0].head.clips, "pending": 0, "aside": 0}
    times = [each["timings"] for each in infos]
    for name in ("total_s", "judge_s", "audio_s"):
        info["timings"][name] = round(sum(each.get(name, 0.0) for each in times), 3)
    info["timings"]["started_at"] = min(each["started_at"] for each in times)
    ends = [each["finished_at"] for each in times if each["finished_at"]]
    info["timings"]["finished_at"] = max(ends, default=None)
    info["merged"] = [
        {
            "shard": str(part.head.shard),
            "folder": str(part.folder),
            "device": part.info["judge"]["device"],
            "platform": part.info["versions"]["platform"],
            "version": part.info["versions"]["audiojudge"],
        }
        for part in distinct
    ]
    return info


def _may_be_replaced(out: Path) -> bool:
    """Return whether nothing is lost: no folder, an empty one, or what shards were merged into earlier."""
    try:
        if not out.is_dir() or not any(not path.name.startswith(".") for path in out.iterdir()):
            return True
        return "merged" in loads(read_regular(out / RUN))
    except (OSError, ValueError, TypeError):
        return False
