-- Comments: threads pinned to a photograph, what is said in them, who has read how far, who is told.
create table comment_threads (
    id uuid primary key,
    workspace_id uuid not null,
    project_id uuid not null,
    room_id uuid not null references rooms (id) on delete cascade,
    -- What the pin says; counts up within the room.
    number integer not null,
    annotation_id uuid,
    -- Pixels of the image; with an annotation from the top left of its bounds.
    x double precision not null,
    y double precision not null,
    -- That corner, when the thread was written or when the annotation was deleted.
    origin_x double precision,
    origin_y double precision,
    created_by uuid not null,
    created_at timestamptz not null default now(),
    resolved_at timestamptz,
    resolved_by uuid,
    constraint comment_threads_number_key unique (room_id, number),
    foreign key (workspace_id, project_id) references projects (workspace_id, id) on delete cascade
);
create index comment_threads_project_idx on comment_threads (project_id, created_at desc, id desc);
create index comment_threads_annotation_idx on comment_threads (annotation_id)
    where annotation_id is not null;

create table comments (
    id uuid primary key,
    workspace_id uuid not null,
    thread_id uuid not null references comment_threads (id) on delete cascade,
    author_id uuid not null,
    -- Emptied when the comment is taken back.
    body text not null check (length(body) <= 4000),
    -- Later than every comment of the thread before it: who has read up to one has read those.
    created_at timestamptz not null default clock_timestamp(),
    edited_at timestamptz,
    deleted_at timestamptz
);
create index comments_thread_idx on comments (thread_id, created_at, id);
create index comments_author_idx on comments (author_id);

create table comment_mentions (
    workspace_id uuid not null,
    comment_id uuid not null references comments (id) on delete cascade,
    user_id uuid not null references users (id) on delete cascade,
    primary key (comment_id, user_id)
);
create index comment_mentions_user_idx on comment_mentions (user_id);

create table comment_reads (
    workspace_id uuid not null,
    thread_id uuid not null references comment_threads (id) on delete cascade,
    user_id uuid not null references users (id) on delete cascade,
    -- Everything until then is read.
    read_at timestamptz not null,
    primary key (thread_id, user_id)
);
create index comment_reads_user_idx on comment_reads (user_id);

create table notifications (
    id uuid primary key,
    workspace_id uuid not null,
    -- Who is told.
    user_id uuid not null references users (id) on delete cascade,
    kind text not null check (kind in ('mention', 'reply')),
    actor_id uuid not null,
    thread_id uuid not null references comment_threads (id) on delete cascade,
    comment_id uuid not null references comments (id) on delete cascade,
    created_at timestamptz not null default now(),
    read_at timestamptz,
    constraint notifications_once_key unique (comment_id, user_id)
);
create index notifications_user_idx on notifications (user_id, id desc);
create index notifications_unread_idx on notifications (user_id) where read_at is null;
create index notifications_thread_idx on notifications (thread_id, user_id);

do $$
declare
    t text;
begin
    foreach t in array array['comment_threads', 'comments', 'comment_mentions', 'comment_reads', 'notifications'] loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
    end loop;
    foreach t in array array['comment_threads', 'comments', 'comment_mentions'] loop
        execute format(
            'create policy tenant on %I to visionflow_app
             using (workspace_id = any ((select app.caller_workspaces())::uuid[]))
             with check (workspace_id = any ((select app.caller_workspaces())::uuid[]))', t);
    end loop;
end $$;
grant select, insert, update, delete on comment_threads to visionflow_app;
-- A comment that is taken back keeps its row; rows go with their thread.
grant select, insert, update on comments to visionflow_app;
grant select, insert, delete on comment_mentions to visionflow_app;

-- How far somebody has read, and what they were told, is theirs alone within the tenant.
grant select, insert, update on comment_reads, notifications to visionflow_app;
create policy own on comment_reads to visionflow_app
    using (
        user_id = (select app.caller_user())
        and workspace_id = any ((select app.caller_workspaces())::uuid[])
    )
    with check (
        user_id = (select app.caller_user())
        and workspace_id = any ((select app.caller_workspaces())::uuid[])
    );
create policy own_read on notifications for select to visionflow_app
    using (
        user_id = (select app.caller_user())
        and workspace_id = any ((select app.caller_workspaces())::uuid[])
    );
create policy own_change on notifications for update to visionflow_app
    using (
        user_id = (select app.caller_user())
        and workspace_id = any ((select app.caller_workspaces())::uuid[])
    )
    with check (
        user_id = (select app.caller_user())
        and workspace_id = any ((select app.caller_workspaces())::uuid[])
    );
-- Others are told by whoever speaks.
create policy tenant_add on notifications for insert to visionflow_app
    with check (workspace_id = any ((select app.caller_workspaces())::uuid[]));
