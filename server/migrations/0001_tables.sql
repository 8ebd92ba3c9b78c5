-- The tables. Roles, row-level security and grants follow in 0002.
-- Every tenant table carries workspace_id; the server refuses to start where one lacks forced RLS.

create schema auth;

-- Accounts ---------------------------------------------------------------------------------------

create table users (
    id uuid primary key,
    email text not null,
    name text not null default '',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
create unique index users_email_key on users (lower(email));

create table auth.passwords (
    user_id uuid primary key references users (id) on delete cascade,
    hash text not null,
    updated_at timestamptz not null default now()
);

create table auth.sessions (
    id uuid primary key,
    user_id uuid not null references users (id) on delete cascade,
    created_at timestamptz not null default now(),
    ended_at timestamptz
);
create index sessions_user_idx on auth.sessions (user_id);

-- A refresh token is good once; a second use ends its session, except within a few seconds of the
-- first, when a reply may have been lost.
create table auth.refresh_tokens (
    hash bytea primary key,
    session_id uuid not null references auth.sessions (id) on delete cascade,
    created_at timestamptz not null default now(),
    used_at timestamptz
);
create index refresh_tokens_session_idx on auth.refresh_tokens (session_id);

create table auth.signing_keys (
    kid text primary key,
    private_pem text not null,
    public_pem text not null,
    created_at timestamptz not null default now()
);

create table auth.password_resets (
    hash bytea primary key,
    user_id uuid not null references users (id) on delete cascade,
    issued_by uuid not null,
    expires_at timestamptz not null,
    used_at timestamptz
);

-- Failed sign-ins by address and by account, for throttling.
create table auth.attempts (
    subject text primary key,
    failures integer not null,
    window_started_at timestamptz not null
);

-- Tenancy ----------------------------------------------------------------------------------------

create table workspaces (
    id uuid primary key,
    name text not null check (length(btrim(name)) between 1 and 200),
    created_at timestamptz not null default now()
);

create table workspace_members (
    workspace_id uuid not null references workspaces (id) on delete cascade,
    user_id uuid not null references users (id) on delete cascade,
    role text not null check (role in ('admin', 'member')),
    created_at timestamptz not null default now(),
    primary key (workspace_id, user_id)
);
create index workspace_members_user_idx on workspace_members (user_id);

create table projects (
    id uuid primary key,
    workspace_id uuid not null references workspaces (id) on delete cascade,
    name text not null check (length(btrim(name)) between 1 and 200),
    project_type text not null check (project_type in ('object_detection', 'segmentation', 'classification')),
    ontology_version bigint not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz,
    unique (workspace_id, id)
);

create table project_members (
    workspace_id uuid not null,
    project_id uuid not null,
    user_id uuid not null references users (id) on delete cascade,
    role text not null check (role in ('admin', 'reviewer', 'labeler')),
    created_at timestamptz not null default now(),
    primary key (project_id, user_id),
    foreign key (workspace_id, project_id) references projects (workspace_id, id) on delete cascade
);
create index project_members_user_idx on project_members (user_id);

create table invites (
    id uuid primary key,
    workspace_id uuid not null,
    project_id uuid not null,
    role text not null check (role in ('admin', 'reviewer', 'labeler')),
    token_hash bytea not null unique,
    created_by uuid not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    revoked_at timestamptz,
    foreign key (workspace_id, project_id) references projects (workspace_id, id) on delete cascade
);
create index invites_project_idx on invites (project_id);

-- A label is archived, never deleted.
create table labels (
    id uuid primary key,
    workspace_id uuid not null,
    project_id uuid not null,
    position integer not null,
    name text not null check (length(btrim(name)) between 1 and 200),
    color text not null check (color ~ '^#[0-9a-f]{6}$'),
    hotkey text,
    archived boolean not null default false,
    attributes jsonb not null default '[]',
    foreign key (workspace_id, project_id) references projects (workspace_id, id) on delete cascade
);
create unique index labels_name_key on labels (project_id, lower(btrim(name))) where not archived;
create index labels_project_idx on labels (project_id, position);

-- Items and their live documents -----------------------------------------------------------------

create table rooms (
    id uuid primary key,
    workspace_id uuid not null,
    project_id uuid not null,
    -- The last event; taken with UPDATE … RETURNING, so that two processes never number alike.
    seq bigint not null default 0,
    snapshot_seq bigint not null default 0,
    -- Every event up to this one stands in `annotations`.
    projected_seq bigint not null default 0,
    created_at timestamptz not null default now(),
    foreign key (workspace_id, project_id) references projects (workspace_id, id) on delete cascade
);
create index rooms_unprojected_idx on rooms (id) where projected_seq < seq;

create table uploads (
    id uuid primary key,
    workspace_id uuid not null,
    project_id uuid not null,
    filename text not null,
    content_type text not null,
    size_bytes bigint not null check (size_bytes > 0),
    storage_path text not null unique,
    thumbnail_path text not null,
    -- The image that the upload became; a second completion answers with it.
    image_id uuid,
    created_by uuid not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    foreign key (workspace_id, project_id) references projects (workspace_id, id) on delete cascade
);
create index uploads_expiry_idx on uploads (expires_at);

create table images (
    id uuid primary key,
    workspace_id uuid not null,
    project_id uuid not null,
    room_id uuid not null unique references rooms (id),
    filename text not null check (length(filename) between 1 and 1024),
    storage_path text not null unique,
    thumbnail_path text,
    -- Of the oriented image.
    width integer not null check (width > 0),
    height integer not null check (height > 0),
    -- EXIF orientation of the stored bytes, 1 to 8.
    orientation smallint not null default 1,
    content_type text not null,
    size_bytes bigint not null,
    status text not null check (status in ('verifying', 'ready', 'damaged')),
    created_by uuid not null,
    created_at timestamptz not null default now(),
    deleted_at timestamptz,
    foreign key (workspace_id, project_id) references projects (workspace_id, id) on delete cascade
);
create index images_project_idx on images (project_id, created_at, id) where deleted_at is null;
create index images_deleted_idx on images (project_id, deleted_at, id) where deleted_at is not null;

-- Which account first used a CRDT client id in a room: authorship is the server's.
create table room_clients (
    workspace_id uuid not null,
    room_id uuid not null references rooms (id) on delete cascade,
    client_id bigint not null,
    user_id uuid,
    created_at timestamptz not null default now(),
    primary key (room_id, client_id)
);

-- The durable log of a room: Yjs updates (encoding v1) in the order of their commit.
create table room_events (
    workspace_id uuid not null,
    room_id uuid not null,
    seq bigint not null,
    user_id uuid,
    payload bytea not null,
    created_at timestamptz not null default now(),
    primary key (room_id, seq)
) partition by hash (room_id);

-- The whole document at `seq`, encoded as one Yjs update.
create table room_snapshots (
    workspace_id uuid not null,
    room_id uuid not null references rooms (id) on delete cascade,
    seq bigint not null,
    state bytea not null,
    created_at timestamptz not null default now(),
    primary key (room_id, seq)
);

-- A projection of the documents: may be dropped and rebuilt from the log.
create table annotations (
    workspace_id uuid not null,
    project_id uuid not null,
    image_id uuid not null,
    id uuid not null,
    kind text not null,
    label_id uuid not null,
    annotator_id uuid,
    updated_by uuid,
    data jsonb not null,
    attributes jsonb not null default '{}',
    z double precision not null default 0,
    status text not null default 'draft' check (status in ('draft', 'submitted', 'approved')),
    seq bigint not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (project_id, id)
) partition by hash (project_id);
create index annotations_image_idx on annotations (project_id, image_id, id);
create index annotations_label_idx on annotations (project_id, label_id);
-- An annotation's path names its id alone.
create index annotations_id_idx on annotations (id);

-- Jobs' resources and bookkeeping ----------------------------------------------------------------

create table exports (
    id uuid primary key,
    workspace_id uuid not null,
    project_id uuid not null,
    format text not null,
    include_images boolean not null,
    status text not null check (status in ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
    done bigint not null default 0,
    total bigint not null default 0,
    error text,
    storage_path text,
    size_bytes bigint,
    -- The labels as they were.
    ontology jsonb not null,
    created_by uuid not null,
    created_at timestamptz not null default now(),
    finished_at timestamptz,
    foreign key (workspace_id, project_id) references projects (workspace_id, id) on delete cascade
);
create index exports_project_idx on exports (project_id, created_at desc);

-- What an export contains: each item at the sequence number it had when the export was created.
create table export_items (
    workspace_id uuid not null,
    export_id uuid not null references exports (id) on delete cascade,
    position bigint not null,
    image_id uuid not null,
    seq bigint not null,
    primary key (export_id, position)
);

-- The first answer to a creation, given again when the request is repeated with its key.
create table idempotency_keys (
    user_id uuid not null,
    key text not null check (length(key) between 1 and 200),
    request_hash bytea not null,
    status smallint,
    body jsonb,
    created_at timestamptz not null default now(),
    primary key (user_id, key)
);

create table audit_log (
    id uuid not null,
    workspace_id uuid,
    user_id uuid,
    action text not null,
    subject_id uuid,
    details jsonb not null default '{}',
    created_at timestamptz not null default now(),
    primary key (created_at, id)
) partition by range (created_at);
create table audit_log_default partition of audit_log default;

do $$
begin
    for i in 0..15 loop
        execute format('create table room_events_p%s partition of room_events for values with (modulus 16, remainder %s)', i, i);
        execute format('create table annotations_p%s partition of annotations for values with (modulus 16, remainder %s)', i, i);
    end loop;
end $$;
