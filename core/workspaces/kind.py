"""Workspaces and their channels as kinds of records: what undo and history are made of."""

from core.undo.kinds import RecordKind
from core.workspaces.model import Channel, Workspace

WORKSPACE_KIND = RecordKind("workspace", Workspace, number="id", apart=True)

CHANNEL_KIND = RecordKind(
    "channel",
    Channel,
    number="id",
    unwritten={"space_id", "platform", "external_id", "name", "kind"},
    apart=True,
)
"""The zone is set here; the rest is what platforms tell of a channel."""
