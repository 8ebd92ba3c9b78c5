-- Roles, row-level security and grants.
--
-- visionflow_app     requests; sees what the claims of its transaction allow.
-- visionflow_system  what must run before a tenant is known; policies name the tables it may use.
-- visionflow_queue   owns the job queue's schema.
--
-- They get their passwords when the server starts.

do $$
declare
    role_name text;
begin
    -- Roles belong to the cluster: another database of it may be migrated at this moment.
    perform pg_advisory_xact_lock(7310986472);
    foreach role_name in array array['visionflow_app', 'visionflow_system', 'visionflow_queue'] loop
        if not exists (select from pg_roles where rolname = role_name) then
            execute format('create role %I login noinherit nosuperuser nocreatedb nocreaterole', role_name);
        end if;
        -- An owner that is no superuser has to be a member to give functions away.
        if not (select rolsuper from pg_roles where rolname = current_user) then
            execute format('grant %I to %I', role_name, current_user);
        end if;
    end loop;
    execute 'alter role visionflow_app set statement_timeout = ''30s''';
    execute 'alter role visionflow_app set idle_in_transaction_session_timeout = ''60s''';
    execute 'alter role visionflow_system set statement_timeout = ''60s''';
    execute 'alter role visionflow_system set idle_in_transaction_session_timeout = ''60s''';
    execute format('revoke all on database %I from public', current_database());
    execute format('grant connect on database %I to visionflow_app, visionflow_system, visionflow_queue', current_database());
    -- graphile_worker creates its own schema and extends it with its versions.
    execute format('grant create on database %I to visionflow_queue', current_database());
end $$;

create schema app;
revoke all on schema public, auth, app from public;
grant usage on schema public, app to visionflow_app, visionflow_system;
grant usage on schema auth to visionflow_system;
-- To own the functions that run with their rights.
grant usage, create on schema app to visionflow_system, visionflow_queue;

-- Who asks ---------------------------------------------------------------------------------------

-- The claims of this transaction. After a pooled connection was used once, the setting is '' and
-- not null.
create function app.claims() returns jsonb
    language sql stable parallel safe
    as $$ select nullif(current_setting('request.jwt.claims', true), '')::jsonb $$;

-- The account that asks; null for the server itself.
create function app.caller_user() returns uuid
    language sql stable parallel safe
    as $$ select (app.claims() ->> 'sub')::uuid $$;

-- The workspaces in which the caller is a member, narrowed by a tenant_id claim. The server's own
-- claims ({"service": true, "tenant_id": …}, which no token can produce) stand for one tenant.
create function app.caller_workspaces() returns uuid[]
    language plpgsql stable security definer
    set search_path = pg_catalog, public, pg_temp
    as $$
declare
    claims jsonb := app.claims();
    tenant uuid := (claims ->> 'tenant_id')::uuid;
begin
    if claims is null then
        return array[]::uuid[];
    elsif (claims ->> 'service') = 'true' then
        return case when tenant is null then array[]::uuid[] else array[tenant] end;
    end if;
    return array(
        select m.workspace_id
        from public.workspace_members m
        where m.user_id = (claims ->> 'sub')::uuid
          and (tenant is null or m.workspace_id = tenant)
    );
end $$;
alter function app.caller_workspaces() owner to visionflow_system;
revoke all on function app.claims(), app.caller_user(), app.caller_workspaces() from public;
grant execute on function app.claims(), app.caller_user(), app.caller_workspaces()
    to visionflow_app, visionflow_system;

-- Every table: enabled and forced, also partitions, which would otherwise bypass their parent -----

do $$
declare
    t record;
begin
    for t in
        select c.oid::regclass as name
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname in ('public', 'auth') and c.relkind in ('r', 'p')
          and c.relname <> '_sqlx_migrations'
    loop
        execute format('alter table %s enable row level security', t.name);
        execute format('alter table %s force row level security', t.name);
    end loop;
end $$;

-- What the app role may do, within its caller's workspaces ----------------------------------------

do $$
declare
    t text;
begin
    foreach t in array array[
        'workspace_members', 'projects', 'project_members', 'invites', 'labels', 'rooms', 'uploads',
        'images', 'room_clients', 'room_events', 'room_snapshots', 'annotations', 'exports',
        'export_items'
    ] loop
        execute format('grant select, insert, update, delete on %I to visionflow_app', t);
        execute format(
            'create policy tenant on %I to visionflow_app
             using (workspace_id = any ((select app.caller_workspaces())::uuid[]))
             with check (workspace_id = any ((select app.caller_workspaces())::uuid[]))', t);
    end loop;
end $$;

grant select, update on workspaces to visionflow_app;
create policy tenant on workspaces to visionflow_app
    using (id = any ((select app.caller_workspaces())::uuid[]))
    with check (id = any ((select app.caller_workspaces())::uuid[]));

-- Oneself and whoever shares a workspace (the subquery sees the caller's own workspaces only).
grant select on users to visionflow_app;
create policy visible on users for select to visionflow_app
    using (
        id = (select app.caller_user())
        or exists (select from workspace_members m where m.user_id = users.id)
    );

grant select, insert, update, delete on idempotency_keys to visionflow_app;
create policy own on idempotency_keys to visionflow_app
    using (user_id = (select app.caller_user()))
    with check (user_id = (select app.caller_user()));

-- The log is added to and read, never rewritten.
grant select, insert on audit_log to visionflow_app;
create policy tenant_read on audit_log for select to visionflow_app
    using (workspace_id = any ((select app.caller_workspaces())::uuid[]));
create policy tenant_add on audit_log for insert to visionflow_app
    with check (workspace_id = any ((select app.caller_workspaces())::uuid[]));

-- What the system role may do ---------------------------------------------------------------------

do $$
declare
    t text;
begin
    foreach t in array array['passwords', 'sessions', 'refresh_tokens', 'signing_keys', 'password_resets', 'attempts'] loop
        execute format('grant select, insert, update, delete on auth.%I to visionflow_system', t);
        execute format('create policy system on auth.%I to visionflow_system using (true) with check (true)', t);
    end loop;
    -- Sign-up, invitations and sweeps.
    foreach t in array array['users', 'workspaces', 'workspace_members', 'project_members', 'uploads', 'idempotency_keys'] loop
        execute format('grant select, insert, update, delete on %I to visionflow_system', t);
        execute format('create policy system on %I to visionflow_system using (true) with check (true)', t);
    end loop;
    -- To find what belongs to whom.
    foreach t in array array['projects', 'invites', 'rooms', 'images', 'exports'] loop
        execute format('grant select on %I to visionflow_system', t);
        execute format('create policy system_read on %I for select to visionflow_system using (true)', t);
    end loop;
end $$;
grant select, insert on audit_log to visionflow_system;
create policy system_read on audit_log for select to visionflow_system using (true);
create policy system_add on audit_log for insert to visionflow_system with check (true);

-- What a caller does beyond the workspaces that they are in -----------------------------------------

-- A workspace of the caller's own, with the caller as its admin.
create function app.create_workspace(new_id uuid, new_name text) returns void
    language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp
    as $$
declare
    caller uuid := app.caller_user();
begin
    if caller is null then
        raise exception 'no caller' using errcode = 'insufficient_privilege';
    end if;
    insert into public.workspaces (id, name) values (new_id, new_name);
    insert into public.workspace_members (workspace_id, user_id, role) values (new_id, caller, 'admin');
end $$;
alter function app.create_workspace(uuid, text) owner to visionflow_system;

-- Adds the account with this email to a project that the caller administers, and to its workspace.
-- Null where no account has the address.
create function app.add_project_member(target_project uuid, member_email text, member_role text)
    returns uuid
    language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp
    as $$
declare
    target_workspace uuid;
    member uuid;
begin
    select p.workspace_id into target_workspace
    from public.projects p
    join public.project_members m on m.project_id = p.id
    where p.id = target_project and p.deleted_at is null
      and p.workspace_id = any (app.caller_workspaces())
      and m.user_id = app.caller_user() and m.role = 'admin';
    if target_workspace is null then
        raise exception 'not an admin of the project' using errcode = 'insufficient_privilege';
    end if;
    select id into member from public.users where lower(email) = lower(member_email);
    if member is null then
        return null;
    end if;
    insert into public.workspace_members (workspace_id, user_id, role)
        values (target_workspace, member, 'member') on conflict do nothing;
    insert into public.project_members (workspace_id, project_id, user_id, role)
        values (target_workspace, target_project, member, member_role);
    return member;
end $$;
alter function app.add_project_member(uuid, text, text) owner to visionflow_system;

-- Makes the caller a member by an invitation. A role that they already have stays.
-- No row where the invitation is unknown, expired or revoked, or its project deleted.
create function app.accept_invite(invite_token_hash bytea)
    returns table (workspace_id uuid, project_id uuid)
    language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp
    as $$
#variable_conflict use_column
declare
    caller uuid := app.caller_user();
    invite public.invites;
begin
    if caller is null then
        raise exception 'no caller' using errcode = 'insufficient_privilege';
    end if;
    select i.* into invite
    from public.invites i join public.projects p on p.id = i.project_id
    where i.token_hash = invite_token_hash and i.revoked_at is null and i.expires_at > now()
      and p.deleted_at is null;
    if not found then
        return;
    end if;
    insert into public.workspace_members as w (workspace_id, user_id, role)
        values (invite.workspace_id, caller, 'member') on conflict do nothing;
    insert into public.project_members as m (workspace_id, project_id, user_id, role)
        values (invite.workspace_id, invite.project_id, caller, invite.role) on conflict do nothing;
    return query select invite.workspace_id, invite.project_id;
end $$;
alter function app.accept_invite(bytea) owner to visionflow_system;

revoke all on function app.create_workspace(uuid, text), app.add_project_member(uuid, text, text),
    app.accept_invite(bytea) from public;
grant execute on function app.create_workspace(uuid, text), app.add_project_member(uuid, text, text),
    app.accept_invite(bytea) to visionflow_app;
