"""Turns settings into the store they describe; knows every store by name and none from inside."""

from leadsail.ports.object_store import ObjectStore
from leadsail.providers.object_store.local_folder import LocalFolder
from leadsail.providers.object_store.s3 import S3Bucket
from leadsail.providers.object_store.settings import LocalFolderSettings, ObjectStoreSettings


def open_object_store(settings: ObjectStoreSettings) -> ObjectStore:
    """The store that `settings` describe; a folder is made if need be, a bucket is not contacted yet."""
    if isinstance(settings, LocalFolderSettings):
        return LocalFolder(settings)
    return S3Bucket(settings)
