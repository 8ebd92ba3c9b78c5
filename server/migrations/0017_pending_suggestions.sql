-- How many suggestions of an image wait for a decision: lists show it, and to count would be to read
-- them all. The projection keeps it, in the transaction that writes the rows.
alter table images add column pending_suggestions bigint not null default 0;

-- What the projection counts, and those of a project that are listed alone.
create index suggestions_pending_idx on suggestions (project_id, image_id) where verdict = 'pending';
create index images_pending_idx on images (project_id, created_at, id)
    where deleted_at is null and pending_suggestions > 0;

-- Forced row-level security binds the owner too, who has to see every row this once.
alter table images no force row level security;
alter table suggestions no force row level security;
update images i set pending_suggestions = n.pending
    from (select project_id, image_id, count(*) as pending from suggestions
          where verdict = 'pending' group by project_id, image_id) n
    where i.id = n.image_id and i.project_id = n.project_id;
alter table images force row level security;
alter table suggestions force row level security;
