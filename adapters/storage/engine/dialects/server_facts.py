"""What a server tells of itself and of a database, for whoever looks whether everything is well.

Each question has one row: version as people write it, its first number, the encoding, whether tables may be made,
whether everything in them may be read and changed, whether changes are taken at all, whether snapshots are.
"""

from collections.abc import Mapping

from adapters.storage.engine.addresses import Kind

UNICODE = frozenset({"UTF8", "UTF-16"})
"""The encodings that hold every letter."""

OLDEST: Mapping[Kind, int] = {Kind.POSTGRES: 12, Kind.MSSQL: 14}
"""The first number of the oldest version that has all that the statements need (SQL Server 2017 is 14)."""

QUESTIONS: Mapping[Kind, str] = {
    Kind.POSTGRES: """
SELECT split_part(current_setting('server_version'), ' ', 1),
       current_setting('server_version_num')::int / 10000,
       current_setting('server_encoding'),
       coalesce(has_schema_privilege(current_schema(), 'CREATE'), false),
       (SELECT coalesce(bool_and(has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT')
                                 AND has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE')),
                        true)
          FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace),
       current_setting('default_transaction_read_only') = 'off' AND NOT pg_is_in_recovery(),
       true
""",
    Kind.MSSQL: """
SELECT CAST(SERVERPROPERTY('ProductVersion') AS NVARCHAR(40)),
       CAST(PARSENAME(CAST(SERVERPROPERTY('ProductVersion') AS NVARCHAR(40)), 4) AS INT),
       N'UTF-16',
       HAS_PERMS_BY_NAME(DB_NAME(), N'DATABASE', N'CREATE TABLE'),
       CASE WHEN HAS_PERMS_BY_NAME(DB_NAME(), N'DATABASE', N'SELECT') = 1
             AND HAS_PERMS_BY_NAME(DB_NAME(), N'DATABASE', N'INSERT') = 1
             AND HAS_PERMS_BY_NAME(DB_NAME(), N'DATABASE', N'UPDATE') = 1
             AND HAS_PERMS_BY_NAME(DB_NAME(), N'DATABASE', N'DELETE') = 1 THEN 1 ELSE 0 END,
       CASE WHEN DATABASEPROPERTYEX(DB_NAME(), N'Updateability') = N'READ_WRITE' THEN 1 ELSE 0 END,
       (SELECT CASE WHEN snapshot_isolation_state = 1 THEN 1 ELSE 0 END FROM sys.databases
         WHERE database_id = DB_ID())
""",
}
