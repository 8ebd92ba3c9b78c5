-- A model over a selection of photographs, by a worker.
create table assist_runs (
    id uuid primary key,
    workspace_id uuid not null,
    project_id uuid not null,
    model_id uuid not null references models (id) on delete cascade,
    status text not null check (status in ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
    total bigint not null default 0,
    error text,
    created_by uuid not null,
    created_at timestamptz not null default now(),
    finished_at timestamptz,
    foreign key (workspace_id, project_id) references projects (workspace_id, id) on delete cascade
);
create index assist_runs_project_idx on assist_runs (project_id, id);

create table assist_run_items (
    workspace_id uuid not null,
    run_id uuid not null references assist_runs (id) on delete cascade,
    position bigint not null,
    image_id uuid not null,
    -- Null while it is to be done.
    done_at timestamptz,
    suggested integer not null default 0,
    error text,
    primary key (run_id, position)
);
create index assist_run_items_due_idx on assist_run_items (run_id, position) where done_at is null;

do $$
declare
    t text;
begin
    foreach t in array array['assist_runs', 'assist_run_items'] loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('grant select, insert, update, delete on %I to visionflow_app', t);
        execute format(
            'create policy tenant on %I to visionflow_app
             using (workspace_id = any ((select app.caller_workspaces())::uuid[]))
             with check (workspace_id = any ((select app.caller_workspaces())::uuid[]))', t);
    end loop;
end $$;
