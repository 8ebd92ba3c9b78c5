//! What was said or changed here and is not on the server yet, in the order in which it is sent.

use serde::{Deserialize, Serialize};
use uuid::Uuid;
use visionflow_api::{Comment, NewComment, NewCommentThread, OffsetDateTime};

/// Something that was done and is not sent yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Waiting {
    /// When it was done, ms since the epoch; with [`Said::id`] it is told from all others.
    pub at_ms: f64,
    pub image_id: Uuid,
    pub said: Said,
    /// How often a new comment was changed while it waited.
    #[serde(default)]
    pub changed: u32,
    /// Why the server does not take it.
    #[serde(default)]
    pub refused: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    Thread(NewCommentThread),
    Reply {
        thread_id: Uuid,
        comment: NewComment,
    },
    Edit {
        comment_id: Uuid,
        body: String,
    },
    TakeBack {
        comment_id: Uuid,
    },
    Resolve {
        thread_id: Uuid,
        /// `false` opens it again.
        resolved: bool,
    },
    DeleteThread {
        thread_id: Uuid,
    },
}

impl Said {
    /// The comment that is said, changed or taken back; of the others the thread.
    pub fn id(&self) -> Uuid {
        match self {
            Self::Thread(new) => new.comment.id,
            Self::Reply { comment, .. } => comment.id,
            Self::Edit { comment_id: id, .. }
            | Self::TakeBack { comment_id: id }
            | Self::Resolve { thread_id: id, .. }
            | Self::DeleteThread { thread_id: id } => *id,
        }
    }

    /// The comment that comes into being with it.
    pub fn new_comment(&self) -> Option<&NewComment> {
        match self {
            Self::Thread(NewCommentThread { comment, .. }) | Self::Reply { comment, .. } => {
                Some(comment)
            }
            _ => None,
        }
    }

    fn new_comment_mut(&mut self) -> Option<&mut NewComment> {
        match self {
            Self::Thread(NewCommentThread { comment, .. }) | Self::Reply { comment, .. } => {
                Some(comment)
            }
            _ => None,
        }
    }

    /// Whether nothing is left to do of it once `later` is done.
    pub fn is_overtaken_by(&self, later: &Self) -> bool {
        self.id() == later.id()
            && match later {
                Self::Edit { .. } => matches!(self, Self::Edit { .. }),
                Self::Resolve { .. } => matches!(self, Self::Resolve { .. }),
                Self::TakeBack { .. } | Self::DeleteThread { .. } => true,
                Self::Thread(_) | Self::Reply { .. } => false,
            }
    }
}

impl Waiting {
    pub fn new(at_ms: f64, image_id: Uuid, said: Said) -> Self {
        Self {
            at_ms,
            image_id,
            said,
            changed: 0,
            refused: None,
        }
    }

    pub fn id(&self) -> Uuid {
        self.said.id()
    }

    /// Whether it is the same, also where its words were changed meanwhile.
    pub fn is(&self, other: &Self) -> bool {
        (self.at_ms.to_bits(), self.id()) == (other.at_ms.to_bits(), other.id())
    }

    /// Whether it is still to be sent.
    pub fn is_open(&self) -> bool {
        self.refused.is_none()
    }

    /// The `Idempotency-Key` of a new comment: the same with every attempt, but other words need
    /// another one.
    pub fn key(&self) -> String {
        match self.changed {
            0 => self.id().to_string(),
            times => format!("{}-{times}", self.id()),
        }
    }

    pub fn done_at(&self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp((self.at_ms / 1000.0) as i64)
            .unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }

    /// What is left to send once the server has this comment. An attempt whose answer was lost may
    /// have brought it there before its words were changed here.
    pub fn rest(&self, known: &Comment) -> Option<Self> {
        let body = match &self.said {
            Said::Edit { body, .. } => body,
            said => &said.new_comment().filter(|_| self.changed > 0)?.body,
        };
        (body.trim() != known.body).then(|| Self {
            said: Said::Edit {
                comment_id: known.id,
                body: body.clone(),
            },
            changed: 0,
            refused: None,
            ..*self
        })
    }

    /// Takes over other words, where it is the comment itself that waits.
    pub fn reword(&mut self, said: &Said) -> bool {
        let is_open = self.is_open();
        if let Said::Edit { comment_id, body } = said
            && let Some(comment) = self.said.new_comment_mut()
            && is_open
            && comment.id == *comment_id
        {
            comment.body.clone_from(body);
            self.changed += 1;
            return true;
        }
        false
    }
}
