"""A local S3: objects and multipart uploads, as far as a file store uses them."""

import hashlib
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

_NAMESPACE = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'


@dataclass
class LocalS3:
    """What is stored, by path; what is being uploaded, by upload; and whether it is out of order."""

    url: str = ""
    objects: dict[str, bytes] = field(default_factory=dict)
    uploads: dict[str, dict[int, bytes]] = field(default_factory=dict)
    is_down: bool = False
    largest_part: int = 0

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request of a client."""
        if self.is_down:
            return web.Response(status=403, text=f"<Error {_NAMESPACE}><Code>AccessDenied</Code></Error>")
        path, query = request.path, request.query
        if request.method == "POST":
            return await self._post(request, path)
        if request.method == "PUT":
            return await self._put(request, path)
        if request.method == "DELETE":
            if "uploadId" in query:
                self.uploads.pop(query["uploadId"], None)
            else:
                self.objects.pop(path, None)
            return web.Response(status=204)
        if path not in self.objects:
            return web.Response(status=404, text=f"<Error {_NAMESPACE}><Code>NoSuchKey</Code></Error>")
        headers = {"ETag": _tag(self.objects[path]), "Last-Modified": "Tue, 01 Jan 2030 00:00:00 GMT"}
        return web.Response(body=self.objects[path], headers=headers)

    async def _post(self, request: web.Request, path: str) -> web.Response:
        if "uploads" in request.query:
            upload = f"upload-{len(self.uploads) + 1}"
            self.uploads[upload] = {}
            return _xml(
                "InitiateMultipartUploadResult", f"<UploadId>{upload}</UploadId><Key>{path}</Key><Bucket>b</Bucket>"
            )
        if "delete" in request.query:
            return self._delete_many(request.path, await request.text())
        await request.read()
        parts = self.uploads.pop(request.query["uploadId"])
        self.objects[path] = b"".join(parts[number] for number in sorted(parts))
        return _xml("CompleteMultipartUploadResult", f"<ETag>{_tag(self.objects[path])}</ETag>")

    def _delete_many(self, bucket: str, body: str) -> web.Response:
        keys = re.findall(r"<Key>([^<]*)</Key>", body)
        for key in keys:
            self.objects.pop(f"{bucket.rstrip('/')}/{key}", None)
        return _xml("DeleteResult", "".join(f"<Deleted><Key>{key}</Key></Deleted>" for key in keys))

    async def _put(self, request: web.Request, path: str) -> web.Response:
        body = await request.read()
        self.largest_part = max(self.largest_part, len(body))
        if "partNumber" in request.query:
            self.uploads[request.query["uploadId"]][int(request.query["partNumber"])] = body
        else:
            self.objects[path] = body
        return web.Response(headers={"ETag": _tag(body)})


def _tag(body: bytes) -> str:
    return f'"{hashlib.md5(body).hexdigest()}"'


def _xml(name: str, inner: str) -> web.Response:
    return web.Response(text=f"<{name} {_NAMESPACE}>{inner}</{name}>", content_type="application/xml")


@asynccontextmanager
async def local_s3() -> AsyncIterator[LocalS3]:
    """Serve a local S3 on loopback within the block."""
    s3 = LocalS3()
    app = web.Application(client_max_size=64 * 1024 * 1024)
    app.router.add_route("*", "/{path:.*}", s3.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        s3.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield s3
    finally:
        await runner.cleanup()
