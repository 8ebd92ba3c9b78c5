//! Points of the past, and going back to them.

use super::snapshot_at;
use crate::App;
use crate::error::{Error, Result};
use crate::store::{RoomIdentity, Tx};
use uuid::Uuid;
use visionflow_api::Reverted;
use visionflow_document::{Document, Edit};
use visionflow_model::AnnotationId;

/// Which point is meant: a number, a version's name, or neither for the present.
#[derive(Clone, Copy, Debug, Default)]
pub struct Point<'a> {
    pub seq: Option<i64>,
    pub tag: Option<&'a str>,
}

impl Point<'_> {
    /// Its number. 404 where there is no version of that name, 422 where the log does not reach, 410
    /// where it is no longer kept.
    pub async fn find(&self, tx: &mut Tx, room_id: Uuid) -> Result<i64> {
        let heads = tx.room_heads(room_id).await?.ok_or_else(Error::not_found)?;
        match (self.seq, self.tag) {
            (None, None) => Ok(heads.seq),
            (Some(seq), None) if (heads.kept_from..=heads.seq).contains(&seq) || seq == 0 => {
                Ok(seq)
            }
            (Some(seq), None) if (0..heads.kept_from).contains(&seq) => {
                if tx.has_room_version_at(room_id, seq).await? {
                    return Ok(seq);
                }
                Err(Error::refused(
                    http::StatusCode::GONE,
                    "history_gone",
                    format!(
                        "The history before edit {} is no longer kept, except for named versions.",
                        heads.kept_from
                    ),
                ))
            }
            (Some(_), None) => Err(Error::invalid(format!(
                "seq is a number from 0 to {}, the last edit.",
                heads.seq
            ))),
            (None, Some(tag)) => match tx.room_version(room_id, tag).await? {
                Some(version) => Ok(version.seq),
                None => Err(Error::refused(
                    http::StatusCode::NOT_FOUND,
                    "not_found",
                    "There is no version of this name.",
                )),
            },
            (Some(_), Some(_)) => Err(Error::invalid("Say either seq or tag, not both.")),
        }
    }
}

/// What comes back.
#[derive(Clone, Debug)]
pub enum Back {
    Everything,
    /// These annotations alone; others stay as they are.
    Annotations(Vec<Uuid>),
}

/// Brings the live document to the state of `past`, as one edit in the name of `user_id` that
/// everyone who has it open sees. Nothing of the log is lost: going back to the edit before undoes it.
pub async fn revert(
    app: &App,
    room: RoomIdentity,
    user_id: Uuid,
    past: Document,
    back: Back,
) -> Result<Reverted> {
    let make = move |document: &Document| Ok(edits(document, &past, &back));
    let edited = app.relay().edit(room, user_id, make).await?;
    Ok(Reverted {
        seq: edited.seq,
        undo_seq: edited.at.map(|_| edited.seq - 1),
    })
}

fn edits(document: &Document, past: &Document, back: &Back) -> Vec<Edit> {
    match back {
        Back::Everything => document.edits_to(past),
        Back::Annotations(ids) => {
            let ids: std::collections::BTreeSet<_> =
                ids.iter().copied().map(AnnotationId).collect();
            let of = |id| document.edits_to_restore(id, past);
            ids.into_iter().flat_map(of).collect()
        }
    }
}

/// Keeps the whole document as it is now, so that this point is cheap to come back to; its number.
/// A document in which something waits is made from the log alone, as it always is.
pub async fn take_snapshot(tx: &mut Tx, room: &RoomIdentity, keep: i64) -> Result<i64> {
    let seq = Point::default().find(tx, room.room_id).await?;
    if let Some(state) = snapshot_at(tx, room.room_id, seq).await? {
        tx.insert_room_snapshot(room, seq, &state, keep).await?;
    }
    Ok(seq)
}
