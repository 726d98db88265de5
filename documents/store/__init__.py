"""The store: files kept under the hash of their content, and their serving."""

from documents.store.files import (
    StoreCorrupted,
    StoreError,
    StoreFull,
    StoreMissing,
    check,
    open_file,
    path,
    put,
    read,
)

__all__ = [
    "StoreCorrupted",
    "StoreError",
    "StoreFull",
    "StoreMissing",
    "check",
    "open_file",
    "path",
    "put",
    "read",
]
