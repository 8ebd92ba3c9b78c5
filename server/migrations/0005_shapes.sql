-- What the 2D engine in full adds to labels, projects and annotations.

-- How a label's annotations are painted, and the joints of its skeletons.
alter table labels
    add column style jsonb not null default '{}',
    add column skeleton jsonb;

-- A photograph carries one tag at most.
alter table projects add column single_tag boolean not null default false;

alter table annotations
    add column group_id uuid,
    add column locked boolean not null default false,
    add column style jsonb not null default '{}',
    -- `manual`, `import` or `model:{name}`.
    add column source text not null default 'manual';
