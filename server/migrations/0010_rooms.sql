-- Rooms that are made on their own, before (or without) an image: they have a name, a maker, and a
-- bin. A room with an image lies in the bin while its image does.

alter table rooms
    add column name text,
    add column created_by uuid,
    add column deleted_at timestamptz,
    add constraint rooms_name_check check (length(name) between 1 and 200);

-- Lists go from the newest room to the oldest; ids are in the order of time.
create index rooms_workspace_idx on rooms (workspace_id, id);
create index rooms_deleted_idx on rooms (workspace_id, deleted_at) where deleted_at is not null;
