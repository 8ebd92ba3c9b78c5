-- What the image encoder makes of a photograph, for devices that are too weak to encode themselves.
create table embeddings (
    workspace_id uuid not null,
    image_id uuid not null references images (id) on delete cascade,
    -- SHA-256 of the encoder's file: another encoder's embedding is another one.
    model_sha256 text not null,
    status text not null check (status in ('encoding', 'ready', 'failed')),
    error text,
    storage_path text unique,
    created_at timestamptz not null default now(),
    primary key (image_id, model_sha256)
);
alter table embeddings enable row level security;
alter table embeddings force row level security;
grant select, insert, update, delete on embeddings to visionflow_app;
create policy tenant on embeddings to visionflow_app
    using (workspace_id = any ((select app.caller_workspaces())::uuid[]))
    with check (workspace_id = any ((select app.caller_workspaces())::uuid[]));
