-- Who has which room open, for lists that show it: of each server, renewed while it lives. Nothing is
-- lost with it, so it is not in the write-ahead log.
create unlogged table room_people (
    -- The server process that holds the socket.
    node uuid not null,
    workspace_id uuid not null,
    project_id uuid not null,
    room_id uuid not null references rooms (id) on delete cascade,
    user_id uuid not null references users (id) on delete cascade,
    seen_at timestamptz not null default now(),
    primary key (node, room_id, user_id),
    foreign key (workspace_id, project_id) references projects (workspace_id, id) on delete cascade
);
create index room_people_project_idx on room_people (project_id);
create index room_people_room_idx on room_people (room_id);
create index room_people_user_idx on room_people (user_id);

alter table room_people enable row level security;
alter table room_people force row level security;
grant select on room_people to visionflow_app;
create policy tenant on room_people to visionflow_app
    using (workspace_id = any ((select app.caller_workspaces())::uuid[]));
-- Servers write for all tenants at once.
grant select, insert, update, delete on room_people to visionflow_system;
create policy system on room_people to visionflow_system using (true) with check (true);
