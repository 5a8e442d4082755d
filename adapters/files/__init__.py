"""The file store: bytes by key, in a folder of this machine or in a bucket; and the workbooks among them."""

from adapters.files.file_jobs import OfficeFileJobs
from adapters.files.folders import make_private_folder
from adapters.files.store import FileStoreError, ObjectFileStore, open_file_store
from adapters.files.workbooks import OfficeWorkbooks

__all__ = [
    "FileStoreError",
    "ObjectFileStore",
    "OfficeFileJobs",
    "OfficeWorkbooks",
    "make_private_folder",
    "open_file_store",
]
