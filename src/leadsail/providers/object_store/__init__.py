"""Stores for recordings, imports and other files: a local folder, or a bucket of an S3-compatible service."""

from leadsail.providers.object_store.opening import open_object_store
from leadsail.providers.object_store.settings import LocalFolderSettings, ObjectStoreSettings, S3Settings

__all__ = ["LocalFolderSettings", "ObjectStoreSettings", "S3Settings", "open_object_store"]
