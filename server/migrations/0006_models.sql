-- The model registry: ONNX models that a project's admins have registered for label assist.

create table models (
    id uuid primary key,
    workspace_id uuid not null,
    project_id uuid not null,
    name text not null constraint models_name_check check (length(btrim(name)) between 1 and 200),
    -- `upload`: kept in S3 and checked here. `url`: fetched by browsers only.
    source text not null check (source in ('upload', 'url')),
    status text not null check (status in ('uploading', 'checking', 'ready', 'failed')),
    -- What is needed besides the files to run it; made by the inference crate.
    spec jsonb,
    -- Class number -> label, or null for a class that nobody wants.
    class_map jsonb not null default '{}',
    -- What came out when it was run once.
    report jsonb,
    run_on_open boolean not null default false,
    created_by uuid not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    archived_at timestamptz,
    foreign key (workspace_id, project_id) references projects (workspace_id, id) on delete cascade
);
-- The name is what annotations remember as their source.
create unique index models_name_key on models (project_id, lower(btrim(name))) where archived_at is null;
create index models_project_idx on models (project_id, id);

create table model_files (
    workspace_id uuid not null,
    model_id uuid not null references models (id) on delete cascade,
    position integer not null,
    name text not null,
    size_bytes bigint not null check (size_bytes > 0),
    sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
    -- Where browsers fetch it, of a model that is not kept here.
    url text,
    -- Where it is PUT, and then where it stays.
    staging_path text unique,
    storage_path text unique,
    primary key (model_id, position)
);

do $$
declare
    t text;
begin
    foreach t in array array['models', 'model_files'] loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('grant select, insert, update, delete on %I to visionflow_app', t);
        execute format(
            'create policy tenant on %I to visionflow_app
             using (workspace_id = any ((select app.caller_workspaces())::uuid[]))
             with check (workspace_id = any ((select app.caller_workspaces())::uuid[]))', t);
    end loop;
end $$;

-- Work that takes minutes of a processor: one at a time for each queue (a tenant), the more urgent
-- first.
create function app.enqueue_slow_job(task text, payload json, job_key text, max_attempts integer,
    queue text, urgency integer)
    returns void
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
    as $$
begin
    perform graphile_worker.add_job(
        identifier => task,
        payload => payload,
        queue_name => queue,
        job_key => job_key,
        max_attempts => max_attempts,
        priority => urgency
    );
end $$;
alter function app.enqueue_slow_job(text, json, text, integer, text, integer) owner to visionflow_queue;
revoke all on function app.enqueue_slow_job(text, json, text, integer, text, integer) from public;
grant execute on function app.enqueue_slow_job(text, json, text, integer, text, integer)
    to visionflow_app;
