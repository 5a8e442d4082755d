"""`files.*`, the upload address and the download address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.support.slack.chat import signature, store
from tests.support.slack.messages import Json
from tests.support.slack.webapi import ApiError, Call, token_of, with_fault
from tests.support.slack.world import Channel, StoredFile

if TYPE_CHECKING:
    from tests.support.slack.platform import SlackPlatform

LOGIN_PAGE = "<!DOCTYPE html><html><head><title>Sign in | Slack</title></head><body>Sign in to Slack</body></html>"


def upload_url(call: Call) -> Json:
    """`files.getUploadURLExternal`."""
    name, length = str(call.need("filename")), str(call.need("length"))
    if not length.isdigit() or int(length) < 1:
        raise ApiError("invalid_arguments", ["must be a positive integer [json-pointer:/length]"])
    world = call.platform.world
    owner, now = call.installation.bot, int(call.platform.clock.now())
    stored = StoredFile(world.id("F"), owner.team, owner, name, name, int(length), now)
    world.files[stored.id] = stored
    return {"upload_url": f"{call.platform.url}/upload/v1/{stored.id}", "file_id": stored.id}


def complete_upload(call: Call) -> Json:
    """`files.completeUploadExternal`: without a channel the file stays private to the app."""
    entries = call.need("files")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ApiError("invalid_arguments", ["must be an array of objects [json-pointer:/files]"])
    found = [_uploaded(call, entry) for entry in entries]
    channels = _sharing_channels(call)
    for stored, entry in zip(found, entries, strict=True):
        stored.is_complete = True
        stored.title = str(entry.get("title") or stored.name)
        stored.channels += [channel.id for channel in channels]
    for channel in channels:
        files = [stored.public(call.platform.url) for stored in found]
        body = signature(call.installation) | {"text": str(call.args.get("initial_comment") or ""), "files": files}
        store(call.platform, channel, body, thread_ts=call.args.get("thread_ts"))
    return {"files": [stored.public(call.platform.url) for stored in found]}


def _uploaded(call: Call, entry: Json) -> StoredFile:
    stored = call.platform.world.files.get(str(entry.get("id")))
    if stored is None or stored.is_complete or stored.owner is not call.installation.bot:
        raise ApiError("file_not_found")
    if stored.content is None:
        raise ApiError("internal_error")
    return stored


def _sharing_channels(call: Call) -> list[Channel]:
    wanted = [call.args["channel_id"]] if call.args.get("channel_id") else []
    wanted += [part for part in str(call.args.get("channels") or "").split(",") if part]
    found = []
    for channel_id in wanted:
        channel = call.platform.world.channels.get(str(channel_id))
        if channel is None or channel.team is not call.installation.team:
            raise ApiError("channel_not_found")
        if call.installation.bot not in channel.members:
            raise ApiError("not_in_channel" if channel.kind == "public" else "channel_not_found")
        found.append(channel)
    return found


def info(call: Call) -> Json:
    """`files.info`."""
    stored = call.platform.world.files.get(str(call.need("file")))
    if stored is None or not stored.is_complete or stored.team is not call.installation.team:
        raise ApiError("file_not_found")
    return {"file": stored.public(call.platform.url), "comments": []}


async def receive_upload(platform: SlackPlatform, request: web.Request) -> web.StreamResponse:
    """The upload address: the bytes as the body or as a form's file."""

    async def work() -> web.StreamResponse:
        stored = platform.world.files.get(request.match_info["file"])
        if stored is None or stored.is_complete:
            return web.Response(status=404, text="file_not_found")
        content = await request.read()
        if request.content_type == "multipart/form-data":
            form = await request.post()
            part = next((value for value in form.values() if isinstance(value, web.FileField)), None)
            content = part.file.read() if part else b""
        if len(content) != stored.length:
            return web.Response(status=400, text="length mismatch")
        stored.content = content
        return web.Response(text=f"OK - {len(content)}")

    return await with_fault(request, platform.faults.take("upload"), work)


async def send_content(platform: SlackPlatform, request: web.Request) -> web.StreamResponse:
    """The private address: without a valid token Slack shows its login page, with status 200."""

    async def work() -> web.StreamResponse:
        installation = platform.world.by_token(token_of(request))
        file_id = request.match_info["place"].split("-", 1)[-1]
        stored = platform.world.files.get(file_id)
        allowed = installation is not None and not installation.is_revoked and "files:read" in installation.scopes
        if stored is None or stored.content is None:
            return web.Response(status=404, text="Not found")
        if installation is None or not allowed or stored.team is not installation.team:
            return web.Response(text=LOGIN_PAGE, content_type="text/html")
        platform.downloads.append(stored.id)
        return web.Response(body=stored.content, content_type=stored.mimetype)

    return await with_fault(request, platform.faults.take("download"), work)


METHODS: dict[str, Any] = {
    "files.getUploadURLExternal": upload_url,
    "files.completeUploadExternal": complete_upload,
    "files.info": info,
}
SCOPES = {
    "files.getUploadURLExternal": "files:write",
    "files.completeUploadExternal": "files:write",
    "files.info": "files:read",
}
