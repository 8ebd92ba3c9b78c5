//! Names for points of the past.

use super::Point;
use crate::error::{Error, Result};
use crate::store::{RoomIdentity, Tx, VersionRow};
use uuid::Uuid;
use visionflow_api::{MAX_TAG_CHARS, NewVersion};

/// The most that one room has.
const MOST: i64 = 1_000;

/// Whether a version may be called so.
pub fn check_tag(tag: &str) -> Result<()> {
    let chars = tag.chars().count();
    if chars == 0 || chars > MAX_TAG_CHARS {
        return Err(Error::invalid(format!(
            "A version's name has 1 to {MAX_TAG_CHARS} characters."
        )));
    }
    if tag.trim() != tag || tag.chars().any(char::is_control) {
        return Err(Error::invalid(
            "A version's name begins and ends with something to see, and has no control characters.",
        ));
    }
    // In the path of a URL they would mean something else.
    if matches!(tag, "." | "..") {
        return Err(Error::invalid("A version cannot be called “.” or “..”."));
    }
    Ok(())
}

/// Names the present, or an edit of the past. 409 where the name is taken.
pub async fn name_version(
    tx: &mut Tx,
    room: &RoomIdentity,
    new: &NewVersion,
    created_by: Uuid,
) -> Result<VersionRow> {
    check_tag(&new.tag)?;
    let seq = Point {
        seq: new.seq,
        tag: None,
    };
    let seq = seq.find(tx, room.room_id).await?;
    if tx.count_room_versions(room.room_id).await? >= MOST {
        return Err(Error::invalid(format!(
            "An item has at most {MOST} versions; delete one that nobody needs."
        )));
    }
    tx.insert_room_version(room, &new.tag, seq, created_by)
        .await?;
    let version = tx.room_version(room.room_id, &new.tag).await?;
    version.ok_or_else(Error::not_found)
}
