-- Pictures of a photograph with its annotations, drawn by a worker.
create table renders (
    id uuid primary key,
    workspace_id uuid not null,
    project_id uuid not null,
    room_id uuid not null references rooms (id) on delete cascade,
    image_id uuid not null references images (id) on delete cascade,
    format text not null check (format in ('png', 'jpg')),
    -- Which moment; fixed when the picture is asked for.
    seq bigint not null,
    scale double precision not null,
    -- Null where the file says nothing of its size on paper.
    dpi smallint,
    background text not null check (background in ('transparent', 'white', 'image')),
    include_comments boolean not null,
    ontology jsonb not null,
    status text not null check (status in ('queued', 'running', 'succeeded', 'failed')),
    -- How much of it is drawn, from 0 to 1.
    progress real not null default 0,
    error text,
    storage_path text,
    size_bytes bigint,
    created_by uuid not null,
    created_at timestamptz not null default now(),
    finished_at timestamptz,
    foreign key (workspace_id, project_id) references projects (workspace_id, id) on delete cascade
);
create index renders_room_idx on renders (room_id);
create index renders_image_idx on renders (image_id);
create index renders_object_idx on renders (storage_path) where storage_path is not null;

alter table renders enable row level security;
alter table renders force row level security;
grant select, insert, update, delete on renders to visionflow_app;
create policy tenant on renders to visionflow_app
    using (workspace_id = any ((select app.caller_workspaces())::uuid[]))
    with check (workspace_id = any ((select app.caller_workspaces())::uuid[]));
