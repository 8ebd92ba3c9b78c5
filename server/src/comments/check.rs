//! What may be said, and where it may be pinned.

use crate::error::{Error, Result};
use crate::store::{CommentRoom, Tx};
use std::collections::BTreeSet;
use uuid::Uuid;
use visionflow_api::{CommentAnchor, MAX_COMMENT_CHARS, mentions_in};
use visionflow_model::MAX_COORDINATE;

/// The most people mentioned in one comment.
const MOST_MENTIONS: usize = 50;

/// 1 to 4000 characters of plain text; what looks like markup is text as well.
pub fn body(body: &str) -> Result<()> {
    let length = body.trim().chars().count();
    if length == 0 {
        return Err(Error::invalid("A comment says something."));
    }
    if length > MAX_COMMENT_CHARS {
        return Err(Error::invalid(format!(
            "A comment has {MAX_COMMENT_CHARS} characters at most; this one has {length}."
        )));
    }
    Ok(())
}

/// Who is mentioned. Named by their ids they have to be members of the project; what only looks
/// like a mention in the text stays text.
pub async fn mentions(
    tx: &mut Tx,
    project_id: Uuid,
    body: &str,
    named: &[Uuid],
) -> Result<Vec<Uuid>> {
    let mut people: BTreeSet<Uuid> = named.iter().copied().collect();
    people.extend(mentions_in(body).map(|mention| mention.user_id));
    if people.len() > MOST_MENTIONS {
        return Err(Error::invalid(format!(
            "A comment mentions {MOST_MENTIONS} people at most."
        )));
    }
    let people: Vec<Uuid> = people.into_iter().collect();
    let members = tx.members_among(project_id, &people).await?;
    if let Some(id) = named.iter().find(|id| !members.contains(id)) {
        return Err(Error::invalid(format!(
            "{id} is mentioned, but is no member of the project."
        )));
    }
    Ok(members)
}

/// Checks the place; with an annotation, the corner that it is measured from.
pub async fn anchor(
    tx: &mut Tx,
    room: &CommentRoom,
    anchor: &CommentAnchor,
) -> Result<Option<[f64; 2]>> {
    let origin = anchor.origin.unwrap_or_default();
    let numbers = [anchor.x, anchor.y, origin[0], origin[1]];
    if !numbers.iter().all(|n| n.abs() <= MAX_COORDINATE) {
        return Err(Error::invalid("The place of a comment is too far away."));
    }
    let Some(annotation_id) = anchor.annotation_id else {
        return inside(room, anchor).map(|()| None);
    };
    let shape = match room.image_id {
        Some(image_id) => {
            tx.annotation_shape(room.project_id, image_id, annotation_id)
                .await?
        }
        None => None,
    };
    match shape {
        Some(shape) => Ok(shape
            .bounds()
            .map(|bounds| [bounds.min.x, bounds.min.y])
            .or(anchor.origin)),
        // Drawn and commented on offline, or deleted meanwhile: the writer says where it was.
        None if anchor.origin.is_some() => Ok(anchor.origin),
        None => Err(Error::invalid(
            "The photograph has no such annotation; a comment on one that is still to come, or is \
             gone, says where it was (origin).",
        )),
    }
}

fn inside(room: &CommentRoom, anchor: &CommentAnchor) -> Result<()> {
    let (Some(width), Some(height)) = (room.width, room.height) else {
        return Ok(());
    };
    let within = (0.0..=f64::from(width)).contains(&anchor.x)
        && (0.0..=f64::from(height)).contains(&anchor.y);
    if within {
        Ok(())
    } else {
        Err(Error::invalid(format!(
            "The comment is pinned outside the photograph, which has {width} × {height} pixels."
        )))
    }
}
