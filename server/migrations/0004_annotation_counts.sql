-- How many rows of `annotations` an image has: lists show it, and to count would be to read them all.
-- The projection keeps it, in the transaction that writes the rows.
alter table images add column annotation_count bigint not null default 0;

-- Forced row-level security binds the owner too, who has to see every row this once.
alter table images no force row level security;
alter table annotations no force row level security;
update images i set annotation_count = n.count
    from (select image_id, count(*) as count from annotations group by image_id) n
    where n.image_id = i.id;
alter table images force row level security;
alter table annotations force row level security;
