"""Workspaces as a kind of record: what history is made of."""

from core.undo.kinds import RecordKind
from core.workspaces.model import Workspace

WORKSPACE_KIND = RecordKind("workspace", Workspace, number="id", apart=True)
