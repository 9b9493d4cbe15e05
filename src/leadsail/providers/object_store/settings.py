"""What an operator says about where objects are kept. Reading it from the environment happens elsewhere."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class LocalFolderSettings:
    """Objects lie in a folder of this machine that belongs to the platform alone."""

    folder: Path


@dataclass(frozen=True, slots=True)
class S3Settings:
    """Objects lie in a bucket of a server that speaks the S3 protocol.

    `endpoint` is the address of the service without the bucket. With `path_style` the bucket is the first part
    of the path, which nearly every server understands; without it, the first part of the host name.
    """

    endpoint: str
    bucket: str
    region: str
    access_key_id: str
    secret_access_key: str = field(repr=False)
    path_style: bool = True
    max_retries: int = 3
    first_retry_after: timedelta = timedelta(milliseconds=100)
    connect_timeout: timedelta = timedelta(seconds=5)
    silence_timeout: timedelta = timedelta(seconds=30)
    """How long the server may say nothing before a request is given up; a transfer may take longer in all."""


ObjectStoreSettings: TypeAlias = LocalFolderSettings | S3Settings
