-- Where a room's log begins: events up to this one are no longer kept, but for what named versions
-- show of them; the snapshot at this event stands for them. 0 where the log is whole.
alter table rooms add column kept_from bigint not null default 0 check (kept_from >= 0);
