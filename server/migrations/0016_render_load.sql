-- The server's load says how many pictures wait to be drawn, of everyone.
grant select on renders to visionflow_system;
create policy system_read on renders for select to visionflow_system using (true);
create index renders_pending_idx on renders (status) where status in ('queued', 'running');
create index renders_finished_idx on renders (finished_at) where status = 'succeeded';
