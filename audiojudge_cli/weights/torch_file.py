"""Tensors out of a file that `torch.save` wrote, without unpickling it.

Such a file is a zip archive with a pickle and one member per storage. A pickle is a program: unpickling runs what it
names. Here its instructions are read one by one (`pickletools`), and only those that lay out a dictionary of tensors
are understood, by a machine of its own that calls nothing. Whatever else the pickle asks for ends the reading.
"""

from __future__ import annotations

import math
import pickletools
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from audiojudge_cli.errors import InputError
from audiojudge_cli.text.terminal import safe_line, shown

Tensor = npt.NDArray[np.float32]

_MOST_PICKLE = 1 << 20
"""Bytes: a head of two tensors takes less than a thousand."""
_MOST_STORAGE = 16 << 20
"""Bytes of all storages, or of all tensors, together: a head of 8,192 numbers takes 32 thousand."""
_MOST_TENSORS = 1000
_MOST_DIMENSIONS = 8

_STORAGES = {"FloatStorage": "<f4", "HalfStorage": "<f2", "DoubleStorage": "<f8", "BFloat16Storage": "<u2"}
_ORDERED, _TENSOR, _PARAMETER = (
    "collections OrderedDict",
    "torch._utils _rebuild_tensor_v2",
    "torch._utils _rebuild_parameter",
)
_NAMES = frozenset((_ORDERED, _TENSOR, _PARAMETER, *(f"torch {name}" for name in _STORAGES)))

_PUSHED = frozenset(
    ("BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8", "BININT", "BININT1", "BININT2", "LONG1", "BINFLOAT")
)
_CONSTANTS: Mapping[str, Any] = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}
_SILENT = frozenset(("PROTO", "FRAME"))


@dataclass(frozen=True, slots=True)
class _Name:
    """Something that the pickle names, and that is never looked up."""

    text: str


@dataclass(frozen=True, slots=True)
class _Storage:
    """Numbers of one member of the archive."""

    key: str
    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class _Laid:
    """How a tensor lies in its storage."""

    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


class _RefusedError(Exception):
    """The pickle asks for something else than tensors."""


_MARK = _Name("mark")


def read_tensors(path: Path) -> dict[str, Tensor]:
    """Return the tensors of a dictionary that `torch.save` wrote, by their names, as float32.

    Raises:
        InputError: If the file is none, holds anything but floating-point tensors, or more than a head ever has.
    """
    # A pipe would be waited for, and the list of members of a huge archive fills the memory.
    if path.exists() and (not path.is_file() or path.stat().st_size > 2 * _MOST_STORAGE):
        raise InputError(f"{shown(path)} is no regular file, or larger than a head ever is; give that of torch.save")
    try:
        with zipfile.ZipFile(path) as archive:
            return _tensors(archive)
    except OSError as error:
        raise InputError(f"{shown(path)} cannot be read: {error.strerror or error}") from error
    except zipfile.BadZipFile as error:
        raise InputError(
            f"{shown(path)} is no file of torch.save, or one of before torch 1.6 (not a zip archive); save it again "
            "with a newer torch"
        ) from error
    except _RefusedError as error:
        raise InputError(
            f"{shown(path)} is not just a dictionary of tensors: {error}; nothing of it was run. Ask whoever made it "
            "for safetensors"
        ) from error
    except (ArithmeticError, IndexError, KeyError, LookupError, TypeError, ValueError, RuntimeError) as error:
        raise InputError(
            f"{shown(path)} is damaged ({type(error).__name__}: {safe_line(str(error))[:100]}); fetch it again"
        ) from error


def _tensors(archive: zipfile.ZipFile) -> dict[str, Tensor]:
    members = {member.filename: member for member in archive.infolist()}
    pickles = [name for name in members if name == "data.pkl" or name.endswith("/data.pkl")]
    if len(pickles) != 1:
        raise _RefusedError(f"the archive has {len(pickles)} members data.pkl where there is one")
    root = pickles[0].removesuffix("data.pkl")
    order = f"{root}byteorder"
    if order in members and _member(archive, members, order, 16).strip() != b"little":
        raise _RefusedError("its numbers are big-endian")
    top = _Machine().run(_member(archive, members, pickles[0], _MOST_PICKLE))
    if not isinstance(top, dict) or not top or len(top) > _MOST_TENSORS:
        raise _RefusedError("its top is no dictionary, or an empty one")
    found, room = {}, _MOST_STORAGE
    for name, value in top.items():
        if not isinstance(value, _Laid):
            raise _RefusedError(f"{safe_line(name)[:80]} is no tensor")
        content = _member(archive, members, f"{root}data/{value.storage.key}", room)
        # Tensors may share a storage, and each of them is a copy.
        room -= max(len(content), 4 * math.prod(value.shape))
        if room < 0:
            raise _RefusedError("its tensors are larger than a head ever is")
        found[name] = _filled(value, content)
    return found


def _member(archive: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo], name: str, most: int) -> bytes:
    if name not in members:
        raise _RefusedError(f"the archive lacks {safe_line(name)[:80]}")
    if members[name].file_size > most:
        raise _RefusedError(f"{safe_line(name)[:80]} is larger than a head ever is")
    with archive.open(members[name]) as file:
        # The size in the directory may lie.
        content = file.read(most + 1)
    if len(content) > most:
        raise _RefusedError(f"{safe_line(name)[:80]} is larger than a head ever is")
    return content


def _filled(laid: _Laid, content: bytes) -> Tensor:
    storage = laid.storage
    numbers = np.frombuffer(content, dtype=_STORAGES[storage.kind])
    if len(numbers) != storage.count:
        raise _RefusedError(f"a storage has {len(numbers)} numbers where the pickle says {storage.count}")
    count = math.prod(laid.shape)
    reach = laid.offset + sum((size - 1) * step for size, step in zip(laid.shape, laid.strides, strict=True)) + 1
    if count < 1 or count > len(numbers) or reach > len(numbers):
        raise _RefusedError("a tensor reaches beyond its storage")
    places = np.full(laid.shape, laid.offset, dtype=np.int64)
    for axis, (size, step) in enumerate(zip(laid.shape, laid.strides, strict=True)):
        steps = np.arange(size, dtype=np.int64) * step
        places += steps.reshape([-1 if at == axis else 1 for at in range(len(laid.shape))])
    taken = numbers[places]
    if storage.kind == "BFloat16Storage":  # the upper half of a float32
        return (taken.astype(np.uint32) << 16).view(np.float32)
    return taken.astype(np.float32)


class _Machine:
    """Follows a pickle: dictionaries, tuples, texts, numbers and tensors come of it, and nothing else.

    Nothing that the pickle made is compared, hashed or written out before its type is known: tuples of tuples of one
    another take longer than anybody waits.
    """

    def __init__(self) -> None:
        self._stack: list[Any] = []
        self._memo: dict[int, Any] = {}

    def run(self, pickle: bytes) -> Any:  # noqa: ANN401 - whatever the pickle lays out
        """Return what the pickle lays out; None where it lays out something else."""
        for operation, argument, _ in pickletools.genops(pickle):
            name = operation.name
            if name == "STOP":
                return self._stack[-1] if len(self._stack) == 1 else None
            if name in _PUSHED:
                self._stack.append(argument)
            elif name in _CONSTANTS:
                self._stack.append(_CONSTANTS[name])
            elif name not in _SILENT:
                step = getattr(self, f"_{name.lower()}", None)
                if step is None:
                    raise _RefusedError(f"it has the instruction {name}")
                step(argument)
        return None

    def _mark(self, _: object) -> None:
        self._stack.append(_MARK)

    def _empty_dict(self, _: object) -> None:
        self._stack.append({})

    def _empty_tuple(self, _: object) -> None:
        self._stack.append(())

    def _tuple(self, _: object) -> None:
        self._stack.append(tuple(self._since_mark()))

    def _tuple1(self, _: object) -> None:
        self._stack.append((self._stack.pop(),))

    def _tuple2(self, _: object) -> None:
        second, first = self._stack.pop(), self._stack.pop()
        self._stack.append((first, second))

    def _tuple3(self, _: object) -> None:
        third, second, first = self._stack.pop(), self._stack.pop(), self._stack.pop()
        self._stack.append((first, second, third))

    def _binput(self, place: int) -> None:
        self._memo[place] = self._stack[-1]

    _long_binput = _binput

    def _memoize(self, _: object) -> None:
        self._memo[len(self._memo)] = self._stack[-1]

    def _binget(self, place: int) -> None:
        self._stack.append(self._memo[place])

    _long_binget = _binget

    def _global(self, name: str) -> None:
        self._stack.append(_named(name))

    def _stack_global(self, _: object) -> None:
        inner, outer = self._stack.pop(), self._stack.pop()
        if not (isinstance(inner, str) and isinstance(outer, str)):
            raise _RefusedError("it names something by no text")
        self._stack.append(_named(f"{outer} {inner}"))

    def _binpersid(self, _: object) -> None:
        self._stack.append(_stored(self._stack.pop()))

    def _reduce(self, _: object) -> None:
        given = self._stack.pop()
        self._stack.append(_made(self._stack.pop(), given))

    def _setitem(self, _: object) -> None:
        value, key = self._stack.pop(), self._stack.pop()
        self._set((key, value))

    def _setitems(self, _: object) -> None:
        self._set(self._since_mark())

    def _build(self, _: object) -> None:
        """Pass over the versions of modules, which tensors do not need."""
        if not isinstance(self._stack.pop(), dict) or not isinstance(self._stack[-1], dict):
            raise _RefusedError("it builds something that is no dictionary")

    def _set(self, pairs: Sequence[Any]) -> None:
        target, keys = self._stack[-1], pairs[::2]
        if not isinstance(target, dict) or not all(isinstance(key, str) for key in keys):
            raise _RefusedError("it fills something that is no dictionary by texts")
        target.update(zip(keys, pairs[1::2], strict=True))

    def _since_mark(self) -> list[Any]:
        at = next((at for at in reversed(range(len(self._stack))) if self._stack[at] is _MARK), None)
        if at is None:
            raise _RefusedError("it closes what it never opened")
        found = self._stack[at + 1 :]
        del self._stack[at:]
        return found


def _named(text: str) -> _Name:
    if text not in _NAMES:
        raise _RefusedError(f"it names {safe_line(text.replace(' ', '.', 1))[:80]}")
    return _Name(text)


def _stored(told: Any) -> _Storage:  # noqa: ANN401 - whatever the pickle holds
    match told:
        case ("storage", _Name() as kind, str(key), str(), int(count)) if key.isalnum() and _whole(count):
            if (name := kind.text.removeprefix("torch ")) in _STORAGES:
                return _Storage(key, name, count)
    raise _RefusedError("it stores something else than floating-point numbers")


def _made(what: Any, given: Any) -> Any:  # noqa: ANN401 - as above
    name = what.text if isinstance(what, _Name) else ""
    if not isinstance(given, tuple):
        raise _RefusedError("it calls something with no arguments at all")
    if name == _ORDERED and not given:
        return {}
    if name == _PARAMETER and len(given) == 3 and isinstance(given[0], _Laid):
        return given[0]
    if name == _TENSOR and len(given) in {6, 7} and isinstance(given[0], _Storage):
        storage, offset, shape, strides = given[:4]
        if not (isinstance(shape, tuple) and isinstance(strides, tuple) and len(shape) == len(strides)):
            raise _RefusedError("a tensor has no proper shape")
        if len(shape) > _MOST_DIMENSIONS or not all(map(_whole, (offset, *shape, *strides))):
            raise _RefusedError("a tensor has no proper shape")
        return _Laid(storage, offset, shape, strides)
    raise _RefusedError(f"it calls {name or type(what).__name__} in another way than tensors are saved")


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 40
