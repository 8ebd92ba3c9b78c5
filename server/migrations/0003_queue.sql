-- The door to the job queue: the app role enqueues within its own transaction, and can do nothing
-- else in the queue's schema, which graphile_worker makes and extends at the server's start.

create function app.enqueue_job(task text, payload json, job_key text, max_attempts integer)
    returns void
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
    as $$
begin
    perform graphile_worker.add_job(
        identifier => task,
        payload => payload,
        job_key => job_key,
        max_attempts => max_attempts
    );
end $$;
alter function app.enqueue_job(text, json, text, integer) owner to visionflow_queue;
revoke all on function app.enqueue_job(text, json, text, integer) from public;
grant execute on function app.enqueue_job(text, json, text, integer)
    to visionflow_app, visionflow_system;
