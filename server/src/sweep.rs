//! Removes what nobody needs any more: abandoned uploads, objects that no row names, old exports and pictures,
//! models that never came or were archived long ago, photographs that have lain in the bin for a month,
//! and the history that the operator does not want to keep. Expired credentials are `Store::tidy`'s.
//!
//! Rows go first, then their objects: a sweep that is killed leaves an unreferenced object, which
//! the next one finds.

use crate::App;
use crate::history;
use crate::objects::Listed;
use std::collections::{HashMap, HashSet};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// After its URL has expired, an upload can be completed for so long.
const UPLOAD_GRACE: Duration = Duration::days(1);
/// Younger objects may belong to a transaction that is still to come.
const UNREFERENCED_AGE: Duration = Duration::days(1);
const EXPORT_LIFETIME: Duration = Duration::days(7);
/// A job that is not over by then was killed too often to be run again.
const JOB_PATIENCE: Duration = Duration::days(2);
/// How long a deleted photograph can be restored.
const BIN_LIFETIME: Duration = Duration::days(30);
/// Rows in one transaction.
const BATCH: i64 = 200;

/// Everything that is due at `now`.
pub async fn run(app: &App, now: OffsetDateTime) -> anyhow::Result<()> {
    let workspaces = app.store().workspace_ids().await?;
    for workspace_id in &workspaces {
        sweep_uploads(app, *workspace_id, now).await?;
        sweep_exports(app, *workspace_id, now).await?;
        sweep_renders(app, *workspace_id, now).await?;
        sweep_models(app, *workspace_id, now).await?;
        sweep_embeddings(app, *workspace_id, now).await?;
        purge_bin(app, *workspace_id, now).await?;
        trim_history(app, *workspace_id, now).await?;
    }
    sweep_objects(app, &workspaces.into_iter().collect(), now).await?;
    app.objects().abort_uploads(now - UNREFERENCED_AGE).await?;
    Ok(())
}

async fn sweep_uploads(app: &App, workspace_id: Uuid, now: OffsetDateTime) -> anyhow::Result<()> {
    loop {
        let mut tx = app.store().begin_as_tenant(workspace_id).await?;
        let stale = tx.delete_stale_uploads(now - UPLOAD_GRACE, BATCH).await?;
        tx.commit().await?;
        for (path, thumbnail) in &stale {
            app.objects().delete(path).await?;
            app.objects().delete(thumbnail).await?;
        }
        if (stale.len() as i64) < BATCH {
            return Ok(());
        }
    }
}

async fn sweep_exports(app: &App, workspace_id: Uuid, now: OffsetDateTime) -> anyhow::Result<()> {
    let mut tx = app.store().begin_as_tenant(workspace_id).await?;
    tx.give_up_exports(now - JOB_PATIENCE).await?;
    let old = tx.delete_old_exports(now - EXPORT_LIFETIME).await?;
    tx.commit().await?;
    for key in old {
        app.objects().delete(&key).await?;
    }
    Ok(())
}

/// A picture stays as long as an export.
async fn sweep_renders(app: &App, workspace_id: Uuid, now: OffsetDateTime) -> anyhow::Result<()> {
    let mut tx = app.store().begin_as_tenant(workspace_id).await?;
    tx.give_up_renders(now - JOB_PATIENCE).await?;
    let old = tx.delete_old_renders(now - EXPORT_LIFETIME).await?;
    tx.commit().await?;
    for key in old {
        app.objects().delete(&key).await?;
    }
    Ok(())
}

/// The files of an archived model stay as long as a photograph in the bin.
async fn sweep_models(app: &App, workspace_id: Uuid, now: OffsetDateTime) -> anyhow::Result<()> {
    let mut tx = app.store().begin_as_tenant(workspace_id).await?;
    tx.give_up_model_checks(now - JOB_PATIENCE).await?;
    let mut keys = tx.delete_stale_models(now - UPLOAD_GRACE).await?;
    keys.extend(tx.delete_archived_files(now - BIN_LIFETIME).await?);
    tx.commit().await?;
    for key in keys {
        app.objects().delete(&key).await?;
    }
    Ok(())
}

/// An embedding goes with its photograph, at once: it can be made again.
async fn sweep_embeddings(
    app: &App,
    workspace_id: Uuid,
    now: OffsetDateTime,
) -> anyhow::Result<()> {
    let mut tx = app.store().begin_as_tenant(workspace_id).await?;
    let keys = tx.delete_embeddings(now - JOB_PATIENCE).await?;
    tx.commit().await?;
    for key in keys {
        app.objects().delete(&key).await?;
    }
    Ok(())
}

/// By the operator's policy; a room at a time, so that no transaction is long.
async fn trim_history(app: &App, workspace_id: Uuid, now: OffsetDateTime) -> anyhow::Result<()> {
    let Some(days) = app.config().keep_history_days else {
        return Ok(());
    };
    let before = now - Duration::days(days.into());
    let mut after = Uuid::nil();
    loop {
        let mut tx = app.store().begin_as_tenant(workspace_id).await?;
        let rooms = tx.rooms_with_events_before(before, after, BATCH).await?;
        tx.commit().await?;
        for room in &rooms {
            let mut tx = app.store().begin_as_tenant(workspace_id).await?;
            match history::drop_events_before(&mut tx, room, before).await {
                Ok(0) => {}
                Ok(dropped) => {
                    tx.commit().await?;
                    metrics::counter!("room_events_dropped_total").increment(dropped as u64);
                }
                // One that cannot be read keeps its log, and the others have their turn.
                Err(error) => {
                    let error = format!("{error:?}");
                    tracing::error!(room_id = %room.room_id, error, "history not trimmed");
                }
            }
        }
        match rooms.last() {
            Some(last) if rooms.len() as i64 == BATCH => after = last.room_id,
            _ => return Ok(()),
        }
    }
}

async fn purge_bin(app: &App, workspace_id: Uuid, now: OffsetDateTime) -> anyhow::Result<()> {
    loop {
        let mut tx = app.store().begin_as_tenant(workspace_id).await?;
        let due = tx.images_to_purge(now - BIN_LIFETIME, BATCH).await?;
        for image in &due {
            tx.purge_image(image).await?;
        }
        tx.commit().await?;
        for image in &due {
            app.objects().delete(&image.storage_path).await?;
            if let Some(thumbnail) = &image.thumbnail_path {
                app.objects().delete(thumbnail).await?;
            }
        }
        if (due.len() as i64) < BATCH {
            break;
        }
    }
    loop {
        let mut tx = app.store().begin_as_tenant(workspace_id).await?;
        let purged = tx.purge_rooms(now - BIN_LIFETIME, BATCH).await?;
        tx.commit().await?;
        if (purged as i64) < BATCH {
            return Ok(());
        }
    }
}

/// Objects of workspaces that this database does not know are not ours to delete: the bucket may
/// be shared with another installation.
async fn sweep_objects(
    app: &App,
    workspaces: &HashSet<Uuid>,
    now: OffsetDateTime,
) -> anyhow::Result<()> {
    let mut next = None;
    loop {
        let page = app.objects().list("", next).await?;
        let mut by_workspace: HashMap<Uuid, Vec<String>> = HashMap::new();
        for object in page.objects {
            let age = now - object.modified;
            let known = owner(&object).filter(|(workspace, _)| workspaces.contains(workspace));
            match known {
                Some((_, Place::Staging)) if age > UPLOAD_GRACE * 2 => {
                    app.objects().delete(&object.key).await?;
                }
                Some((workspace, Place::Project)) if age > UNREFERENCED_AGE => {
                    by_workspace.entry(workspace).or_default().push(object.key);
                }
                _ => {}
            }
        }
        for (workspace_id, keys) in by_workspace {
            let mut tx = app.store().begin_as_tenant(workspace_id).await?;
            let referenced: HashSet<_> = tx.referenced_objects(&keys).await?.into_iter().collect();
            tx.commit().await?;
            for key in keys.iter().filter(|key| !referenced.contains(*key)) {
                tracing::info!(key, "an object that no row names is deleted");
                app.objects().delete(key).await?;
            }
        }
        next = page.next;
        if next.is_none() {
            return Ok(());
        }
    }
}

enum Place {
    Staging,
    Project,
}

fn owner(object: &Listed) -> Option<(Uuid, Place)> {
    let mut parts = object.key.split('/');
    let first = parts.next()?;
    if first == "staging" {
        return Some((parts.next()?.parse().ok()?, Place::Staging));
    }
    Some((first.parse().ok()?, Place::Project))
}
