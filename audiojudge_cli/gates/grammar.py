"""Parse gate rules by hand: no code is ever evaluated.

rule      = subject operator number ["at" number | "for" "each"]
subject   = ["regression."] figure [filter] | ["regression."] "dimension." name "." part [filter]
          | "winrate." system ["[subset=" value "]"]
figure    = name {"." name}
filter    = "[" key "=" (value | "*") {"," key "=" (value | "*")} "]"
operator  = ">=" | ">" | "<=" | "<" | "=="
number    = decimal, with "%" for hundredths
"""

from __future__ import annotations

import json
import re

from audiojudge_cli.gates.expression import DIMENSION, Expression, Selection
from audiojudge_cli.gates.figures import Figure, find_figure
from audiojudge_cli.gates.rule_sanity import refuse_pointless
from audiojudge_cli.gates.scanner import Scanner
from audiojudge_cli.rubrics.dimensions import canonical

_NAME = re.compile(r"[^\W\d][\w-]*(?:\.\d)?")
_QUOTED = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"')
_SINGLE = re.compile(r"'[^'\x00-\x1f]*'")
_BARE = re.compile(r"[^\s\[\],=\"'<>]+")
_OPERATOR = re.compile(r">=|<=|==|>|<")
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d+)?|\.\d+)\s*%?(?![\w.])")
# Alone: a value such as `v*` is a value.
_STAR = re.compile(r"\*(?=\s*[,\]])")
_AT = re.compile(r"at\b")
_FOR_EACH = re.compile(r"for\s+each\b")
_DOT, _OPEN, _CLOSE, _COMMA, _EQUALS = (re.compile(re.escape(sign)) for sign in ".[],=")
WIN_RATE = "winrate"
_PARTS = {"mean": "score.mean", "median": "score.median", "yes_rate": "match_rate"}


def parse(text: str) -> Expression:
    """Return the comparison that a rule states.

    Raises:
        InputError: If the rule cannot be read, names something unknown, or could never fail.
    """
    scanner = Scanner(text)
    names, dimension = _subject(scanner)
    if names[0] == WIN_RATE:
        return _of_system(scanner, names)
    regression = names[0] == "regression"
    selection = _filter(scanner, dimension)
    name = ".".join(names[1:] if regression else names)
    figure = find_figure(name, of_items=selection.of_items)
    if isinstance(figure, str):
        raise scanner.error(figure)
    operator = scanner.need(_OPERATOR, "a comparison (>=, >, <=, < or ==)")
    threshold = _threshold(scanner, figure)
    level = _number(scanner, "a confidence such as 95%") if scanner.take(_AT) else None
    for_each = level is None and scanner.take(_FOR_EACH) is not None
    scanner.end()
    expression = Expression(figure, selection, regression, operator, threshold, level, for_each)
    if for_each and (problem := _no_mean(figure, name)):
        raise scanner.error(problem)
    if problem := refuse_pointless(expression):
        raise scanner.error(problem)
    return expression


def _subject(scanner: Scanner) -> tuple[list[str], str | None]:
    names = [scanner.need(_NAME, "a figure such as score.mean")]
    dimension = None
    while scanner.take(_DOT):
        if names[-1] == DIMENSION and dimension is None:
            dimension = canonical(_value(scanner, "the name of a dimension", _NAME))
            scanner.need(_DOT, "a dot and mean, median, p10, yes_rate, coverage or count")
            names[-1] = _part(scanner.need(_NAME, "mean, median, p10, yes_rate, coverage or count"))
            break
        if names == [WIN_RATE]:
            names.append(_value(scanner, "the name of a system (in quotes where it has blanks or signs)", _NAME))
            break
        names.append(scanner.need(_NAME, "a name"))
    return names, dimension


def _of_system(scanner: Scanner, names: list[str]) -> Expression:
    """Return the rest of a rule about the win rate of a system."""
    if len(names) < 2:
        raise scanner.error("a win rate is that of a system: winrate.NEW")
    system = names[1]
    told = system if _NAME.fullmatch(system) else json.dumps(system, ensure_ascii=False)
    figure = Figure(f"{WIN_RATE}.{told}", system=system)
    selection = _filter(scanner, None)
    if selection.columns - {"subset"} or selection.of_items or selection.each:
        raise scanner.error("a win rate is over all pairs, or over those of one subset: winrate.NEW[subset=speech]")
    operator = scanner.need(_OPERATOR, "a comparison (>=, >, <= or <), or quotes around the whole name of the system,")
    threshold = _threshold(scanner, figure)
    level = _number(scanner, "a confidence such as 95%") if scanner.take(_AT) else None
    scanner.end()
    expression = Expression(figure, selection, regression=False, operator=operator, threshold=threshold, level=level)
    if problem := refuse_pointless(expression):
        raise scanner.error(problem)
    return expression


def _part(name: str) -> str:
    return _PARTS.get(name, f"score.{name}" if re.fullmatch(r"p\d.*", name) else name)


def _filter(scanner: Scanner, dimension: str | None) -> Selection:
    where: dict[str, str] = {}
    each: list[str] = []
    if not scanner.take(_OPEN):
        return Selection(dimension=dimension)
    while True:
        key = _value(scanner, "a key such as subset")
        scanner.need(_EQUALS, "=")
        if key in where or key in each or (key == DIMENSION and dimension is not None):
            raise scanner.error(f"{key!r} is there twice")
        if scanner.take(_STAR):
            each.append(key)
        elif key == DIMENSION:
            dimension = canonical(_value(scanner, "a dimension"))
        else:
            where[key] = _value(scanner, f"a value for {key}")
        if not scanner.take(_COMMA):
            scanner.need(_CLOSE, "]")
            return Selection(tuple(sorted(where.items())), dimension, tuple(sorted(each)))


def _value(scanner: Scanner, wanted: str, bare: re.Pattern[str] = _BARE) -> str:
    if (quoted := scanner.take(_QUOTED)) is not None:
        try:
            return str(json.loads(quoted))
        except ValueError as error:
            raise scanner.error(f"{quoted} is not a quoted text") from error
    if (single := scanner.take(_SINGLE)) is not None:
        return single[1:-1]
    return scanner.need(bare, wanted)


def _no_mean(figure: Figure, name: str) -> str | None:
    """Return what is wrong with a rule for each clip: only a figure that every clip has of its own has one."""
    if figure.quality is None:
        return "for each is for figures that each clip has of its own, such as quality.clipped_pct"
    if figure.quantile is not None or name.endswith(".mean"):
        return f"{name} is one figure over all clips; for each takes quality.{figure.quality.name}"
    return None


def _threshold(scanner: Scanner, figure: Figure) -> float:
    """Return the number of a rule; 1% of a figure that is in per cent already could mean either."""
    text = scanner.need(_NUMBER, "a number")
    if text.endswith("%") and figure.quality is not None and figure.quality.unit:
        raise scanner.error(
            f"quality.{figure.quality.name} is in {figure.quality.unit} already; write {text[:-1].strip()}"
        )
    return _value_of(text)


def _number(scanner: Scanner, wanted: str) -> float:
    return _value_of(scanner.need(_NUMBER, wanted))


def _value_of(text: str) -> float:
    return round(float(text[:-1]) / 100, 12) if text.endswith("%") else float(text)
