"""Files that are whole or not there: compressed, encrypted with age if asked, readable by their owner only.

Written beside their place and put there when they are complete and on the disk, so that nobody ever finds half of one.
"""

from __future__ import annotations

import errno
import gzip
import os
import secrets
import zlib
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from io import RawIOBase
from pathlib import Path
from typing import IO, Any

import pyrage

from engine.errors import Damaged, InvalidInput, StegvisError

AGE = b"age-encryption.org/v1"
GZIP = b"\x1f\x8b"
CHUNK = 64 * 1024
"""Bytes."""


class FileUnusable(StegvisError):
    """The file cannot be written or read."""

    code = "FILE_UNUSABLE"


class KeyNeeded(StegvisError):
    """The file is encrypted: give the key that opens it."""

    code = "KEY_NEEDED"


def recipients_of(texts: Iterable[str]) -> list[Any]:
    """Whoever shall be able to open a file: age recipients (age1...) or SSH public keys; InvalidInput for others."""
    return [_recipient(text.strip()) for text in texts]


def identities_of(files: Iterable[Path]) -> list[Any]:
    """The keys in some files: as age-keygen writes them, or SSH private keys; FileUnusable, InvalidInput."""
    return [key for file in files for key in _identities(file)]


def write_sealed(path: Path, lines: Iterable[bytes], recipients: Sequence[Any]) -> None:
    """Write lines to a new file (mode 0600), encrypted to `recipients` where there are any.

    Raises FileUnusable where the file is there already or cannot be written; nothing is left of it then.
    """
    if path.exists():
        raise FileUnusable(f"{path} is there already.")
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            source = _Compressed(lines)
            if recipients:
                _encrypt(source, file, recipients)
            else:
                while chunk := source.read(CHUNK):
                    file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        _put(draft, path)
    except OSError as error:
        raise FileUnusable(f"{path} cannot be written: {error.strerror or error}.") from error
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def reading_sealed(path: Path, identities: Sequence[Any]) -> Iterator[Iterator[bytes]]:
    """The lines of a file that `write_sealed` wrote.

    Raises FileUnusable, KeyNeeded (encrypted, and none of `identities` opens it), Damaged; the latter perhaps only
    when the last line is asked for.
    """
    try:
        with path.open("rb") as file:
            beginning = file.read(len(AGE))
            file.seek(0)
            if beginning == AGE:
                if not identities:
                    raise KeyNeeded(f"{path} is encrypted: give the key that opens it.")
                with _decrypted(file, identities) as plain:
                    yield _lines(plain)
            elif beginning.startswith(GZIP):
                yield _lines(file)
            else:
                raise Damaged(f"{path} was not written by Stegvis, or its beginning is damaged.")
    except OSError as error:
        raise FileUnusable(f"{path} cannot be read: {error.strerror or error}.") from error


class _Compressed(RawIOBase):
    """Lines as one compressed stream, made as it is read."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self.failure: BaseException | None = None
        """What kept it from being read to the end."""
        self._chunks = self._compress(lines)
        self._ready = b""

    @staticmethod
    def _compress(lines: Iterable[bytes]) -> Iterator[bytes]:
        packer = zlib.compressobj(6, zlib.DEFLATED, zlib.MAX_WBITS | 16)
        for line in lines:
            yield packer.compress(line + b"\n")
        yield packer.flush()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._ready:
            try:
                chunk = next(self._chunks, None)
            except BaseException as error:
                self.failure = error
                raise
            if chunk is None:
                return 0
            self._ready = chunk
        taken = self._ready[: len(buffer)]
        buffer[: len(taken)] = taken
        self._ready = self._ready[len(taken) :]
        return len(taken)


def _encrypt(source: _Compressed, file: IO[bytes], recipients: Sequence[Any]) -> None:
    try:
        pyrage.encrypt_io(source, file, recipients)
    except pyrage.EncryptError as error:  # also what source and file raise, as text only
        raise source.failure or OSError(str(error)) from error


def _lines(packed: IO[bytes]) -> Iterator[bytes]:
    try:
        with gzip.GzipFile(fileobj=packed) as file:
            for line in file:
                yield line.rstrip(b"\n")
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise Damaged(f"The file is damaged, or not whole ({error}).") from error


@contextmanager
def _decrypted(file: IO[bytes], identities: Sequence[Any]) -> Iterator[IO[bytes]]:
    """What an encrypted file says, decrypted by another thread as it is read: it never lies on a disk."""
    reading, writing = os.pipe()

    def pump() -> None:
        with open(writing, "wb") as sink:
            pyrage.decrypt_io(file, sink, identities)

    with ThreadPoolExecutor(1) as pool:
        pumping = pool.submit(pump)
        try:
            with open(reading, "rb") as plain:
                yield plain
        except Damaged:
            _explain(pumping)
            raise


def _explain(pumping: Future[None]) -> None:
    """Raise what kept an encrypted file from being read, if anything did."""
    error = pumping.exception()
    if isinstance(error, pyrage.DecryptError) and "matching keys" in str(error).lower():
        raise KeyNeeded("The file is encrypted to another key than the one given.") from error
    if error is not None and not isinstance(error, BrokenPipeError):
        raise Damaged(f"The encrypted file is damaged, or not whole ({error}).") from error


def _recipient(text: str) -> Any:
    kind = pyrage.ssh if text.startswith("ssh-") else pyrage.x25519
    try:
        return kind.Recipient.from_str(text)
    except pyrage.RecipientError as error:
        raise InvalidInput(f"{text[:80]!r} is no age recipient (age1...) and no SSH public key: {error}.") from error


def _identities(file: Path) -> list[Any]:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise FileUnusable(f"{file} cannot be read: {error.strerror}.") from error
    try:
        if content.startswith(b"-----BEGIN"):
            return [pyrage.ssh.Identity.from_buffer(content)]
        lines = [line.strip() for line in content.decode("ascii").splitlines()]
        keys = [pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except (pyrage.IdentityError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{file} holds no age key and no SSH private key.") from error
    if not keys:
        raise InvalidInput(f"{file} holds no key.")
    return keys


def _put(draft: Path, path: Path) -> None:
    """Give a complete file its name, on the disk too; FileExistsError where another has taken it meanwhile."""
    try:
        os.link(draft, path)
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP):
            raise
        os.rename(draft, path)  # no links on this file system
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
