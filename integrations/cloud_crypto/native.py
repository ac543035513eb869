"""SM2 signatures by the system's OpenSSL where it gives the published answers; otherwise ours are used.

Nothing depends on it: `sm2` computes everything on every processor, and checks all input before it gets here.
"""

import ctypes
import logging
from collections.abc import Callable
from ctypes.util import find_library
from functools import lru_cache

from models.sealing import CryptoError

log = logging.getLogger("shenfang.crypto")
_USER_ID = b"1234567812345678"
_PUBLIC = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d034200")
_PRIVATE = bytes.fromhex("308187020100301306072a8648ce3d020106082a811ccf5501822d046d306b0201010420")
_BEFORE_POINT = bytes.fromhex("a144034200")
_SLOW = frozenset({"EVP_DigestSign", "EVP_DigestVerify"})
_KNOWN_KEYS = 256
#: Those of the provider, which holds them for as long.
_OWN_KEYS = 16


class NativeSm2:
    """Signing and verifying through libcrypto; keys are numbers and points that were proven to be such."""

    def __init__(self, library: ctypes.CDLL) -> None:
        # Only what takes long lets other threads run: giving the interpreter away and waiting for it again costs more than
        # the rest of these calls.
        self._lib = ctypes.PyDLL(library._name)
        self._slow = library
        pointer, size, number = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int
        for name, result, arguments in (
            ("d2i_PUBKEY", pointer, (pointer, pointer, ctypes.c_long)),
            ("d2i_AutoPrivateKey", pointer, (pointer, pointer, ctypes.c_long)),
            ("EVP_PKEY_free", None, (pointer,)),
            ("EVP_PKEY_CTX_new", pointer, (pointer, pointer)),
            ("EVP_PKEY_CTX_free", None, (pointer,)),
            ("EVP_PKEY_CTX_set1_id", number, (pointer, pointer, number)),
            ("EVP_MD_CTX_new", pointer, ()),
            ("EVP_MD_CTX_free", None, (pointer,)),
            ("EVP_MD_CTX_set_pkey_ctx", None, (pointer, pointer)),
            ("EVP_sm3", pointer, ()),
            ("EVP_DigestSignInit", number, (pointer, pointer, pointer, pointer, pointer)),
            ("EVP_DigestSign", number, (pointer, pointer, ctypes.POINTER(size), pointer, size)),
            ("EVP_DigestVerifyInit", number, (pointer, pointer, pointer, pointer, pointer)),
            ("EVP_DigestVerify", number, (pointer, pointer, size, pointer, size)),
        ):
            function = getattr(library if name in _SLOW else self._lib, name)
            function.restype, function.argtypes = result, list(arguments)
        self._public = lru_cache(maxsize=_KNOWN_KEYS)(self._load_public)
        self._private = lru_cache(maxsize=_OWN_KEYS)(self._load_private)

    def verify(self, public: bytes, message: bytes, signature: bytes) -> bool:
        """Return whether the key `04‖X‖Y` made a strict DER signature over a message."""
        # Held until the end: another thread may push it out of the cache, which would free it under our hands.
        key = self._public(public)
        with _Context(self._lib, key.handle) as context:
            if self._lib.EVP_DigestVerifyInit(context.md, None, self._lib.EVP_sm3(), None, context.key) != 1:
                raise CryptoError("INTERNAL")
            found = self._slow.EVP_DigestVerify(context.md, signature, len(signature), message, len(message))
            return bool(found == 1)

    def sign(self, private: bytes, public: bytes, message: bytes) -> bytes:
        """A DER signature; the nonce is drawn by OpenSSL."""
        key = self._private(private + _BEFORE_POINT + public)
        with _Context(self._lib, key.handle) as context:
            size = ctypes.c_size_t(80)
            room = ctypes.create_string_buffer(80)
            if self._lib.EVP_DigestSignInit(context.md, None, self._lib.EVP_sm3(), None, context.key) != 1:
                raise CryptoError("INTERNAL")
            if self._slow.EVP_DigestSign(context.md, room, ctypes.byref(size), message, len(message)) != 1:
                raise CryptoError("INTERNAL")
            return room.raw[: size.value]

    def _load_private(self, numbers: bytes) -> "_Key":
        return self._load(self._lib.d2i_AutoPrivateKey, _PRIVATE + numbers)

    def _load_public(self, public: bytes) -> "_Key":
        return self._load(self._lib.d2i_PUBKEY, _PUBLIC + public)

    def _load(self, read: Callable[..., int | None], der: bytes) -> "_Key":
        at = ctypes.c_char_p(der)
        handle = read(None, ctypes.byref(at), len(der))
        if not handle:
            raise CryptoError("BAD_INPUT")
        return _Key(self._lib, handle)


class _Key:
    """A key of the library, freed when no longer referenced."""

    def __init__(self, library: ctypes.CDLL, handle: int) -> None:
        self._lib, self.handle = library, handle

    def __del__(self) -> None:
        self._lib.EVP_PKEY_free(self.handle)


class _Context:
    """Library resources of a computation, always freed."""

    def __init__(self, library: ctypes.CDLL, key: int) -> None:
        self._lib, self.key = library, key

    def __enter__(self) -> "_Context":
        self.md = self._lib.EVP_MD_CTX_new()
        self._about = self._lib.EVP_PKEY_CTX_new(self.key, None)
        if not self.md or not self._about or self._lib.EVP_PKEY_CTX_set1_id(self._about, _USER_ID, 16) != 1:
            raise CryptoError("INTERNAL")
        self._lib.EVP_MD_CTX_set_pkey_ctx(self.md, self._about)
        return self

    def __exit__(self, *_: object) -> None:
        self._lib.EVP_MD_CTX_free(self.md)
        self._lib.EVP_PKEY_CTX_free(self._about)


def open_native() -> NativeSm2 | None:
    """The system's OpenSSL, if it is there and knows SM2."""
    name = find_library("crypto")
    if name is None:
        return None
    try:
        return NativeSm2(ctypes.CDLL(name))
    except (OSError, AttributeError):
        log.info("the system's OpenSSL has no SM2; our own arithmetic is used")
        return None
