-- Named points of a room's log.
create table room_versions (
    workspace_id uuid not null,
    room_id uuid not null references rooms (id) on delete cascade,
    tag text not null check (length(tag) between 1 and 100),
    seq bigint not null check (seq >= 0),
    created_by uuid not null,
    created_at timestamptz not null default now(),
    primary key (room_id, tag)
);
create index room_versions_seq_idx on room_versions (room_id, seq, tag);

-- What could not be read when a document was made from its log. The log itself keeps every byte.
create table room_faults (
    workspace_id uuid not null,
    room_id uuid not null references rooms (id) on delete cascade,
    kind text not null check (kind in ('snapshot', 'event')),
    seq bigint not null,
    detail text not null,
    created_at timestamptz not null default now(),
    primary key (room_id, kind, seq)
);

-- SHA-256 of `state`; null for those written before.
alter table room_snapshots add column checksum bytea;

do $$
declare
    t text;
begin
    foreach t in array array['room_versions', 'room_faults'] loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('grant select, insert, update, delete on %I to visionflow_app', t);
        execute format(
            'create policy tenant on %I to visionflow_app
             using (workspace_id = any ((select app.caller_workspaces())::uuid[]))
             with check (workspace_id = any ((select app.caller_workspaces())::uuid[]))', t);
    end loop;
end $$;
