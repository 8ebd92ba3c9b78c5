-- What models propose, and what became of it: a projection of the documents, like `annotations`.
create table suggestions (
    workspace_id uuid not null,
    project_id uuid not null,
    image_id uuid not null,
    id uuid not null,
    kind text not null,
    label_id uuid not null,
    -- Of the registry; null for a model that is in none.
    model_id uuid,
    run_id uuid not null,
    source text not null,
    score double precision not null,
    data jsonb not null,
    attributes jsonb not null default '{}',
    z double precision not null default 0,
    verdict text not null check (verdict in ('pending', 'accepted', 'rejected', 'superseded')),
    proposed_by uuid,
    decided_by uuid,
    seq bigint not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (project_id, id)
) partition by hash (project_id);
create index suggestions_image_idx on suggestions (project_id, image_id, id);
create index suggestions_model_idx on suggestions (project_id, model_id, label_id);

do $$
begin
    for i in 0..15 loop
        execute format('create table suggestions_p%s partition of suggestions for values with (modulus 16, remainder %s)', i, i);
        execute format('alter table suggestions_p%s enable row level security', i);
        execute format('alter table suggestions_p%s force row level security', i);
    end loop;
end $$;
alter table suggestions enable row level security;
alter table suggestions force row level security;
grant select, insert, update, delete on suggestions to visionflow_app;
create policy tenant on suggestions to visionflow_app
    using (workspace_id = any ((select app.caller_workspaces())::uuid[]))
    with check (workspace_id = any ((select app.caller_workspaces())::uuid[]));
