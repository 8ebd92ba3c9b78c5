//! A document that is in memory and needed by nobody at the moment, as small as it gets.
//!
//! To be read and written a document takes eight times the memory of its update, which deflates to
//! a quarter. So a room that has been quiet for a moment, long before it sleeps, folds its document
//! up; the next word about it opens it again in less time than a page's next frame takes. What many
//! rooms cost is then what is edited at the moment, and not what is open.

use super::load::{Kept, Loaded};
use crate::history;
use crate::memory::of_documents;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::panic::resume_unwind;
use std::time::Duration;
use tokio::task::spawn_blocking;
use tokio::time::Instant;
use visionflow_document::Document;

/// This part of the time after which a room sleeps: two seconds of thirty.
const PART_OF_REST: u32 = 15;
/// Folding and opening takes some 25 ns for each byte of the update. A hundred times as long a
/// document stays open at the least, so that a room never costs more than a hundredth of a core.
const OPEN_PER_BYTE: Duration = Duration::from_nanos(2500);
/// An update larger than this is folded and opened apart from the threads that serve everyone.
const LARGE: usize = 256 << 10;

/// Four tenths smaller than the quickest level makes it, for a tenth of what an edit of a folded room
/// costs; beyond it nothing is gained.
const LEVEL: Compression = Compression::new(6);

/// State vectors at some events, for readers that fall behind.
pub(super) type Checkpoints = VecDeque<(i64, Vec<u8>)>;

/// Since when a room is left alone.
#[derive(Clone, Copy)]
pub(super) struct Quiet {
    /// The last word about its document.
    pub since: Instant,
    /// When sockets and requests were last here.
    pub left: Instant,
}

impl Quiet {
    pub fn from_now() -> Self {
        let now = Instant::now();
        Self {
            since: now,
            left: now,
        }
    }
}

/// How long a document whose update takes `bytes` stays open when nobody needs it, in rooms that
/// sleep after `rest`; where it is crowded, no longer than it must.
pub(super) fn patience(bytes: usize, rest: Duration, is_crowded: bool) -> Duration {
    let at_least = OPEN_PER_BYTE.saturating_mul(u32::try_from(bytes).unwrap_or(u32::MAX));
    if is_crowded {
        at_least
    } else {
        at_least.max(rest / PART_OF_REST)
    }
}

pub(super) struct Folded {
    /// Updates that make the document, each after its length, deflated.
    state: Box<[u8]>,
    /// Their length when they are inflated.
    bytes: usize,
    client_id: u64,
    pub kept: Kept,
    /// When there is something to do all the same: a snapshot, or sleep.
    pub due: Instant,
}

impl Folded {
    /// `due`: when the room is to be opened again, unless somebody needs it before.
    pub async fn fold(loaded: Loaded, due: Instant) -> io::Result<Self> {
        let Loaded {
            document,
            bytes,
            mut kept,
        } = loaded;
        let client_id = document.client_id();
        let (state, bytes) = apart(bytes, move || deflate(&document)).await?;
        kept.touches.shrink();
        kept.clients.shrink_to_fit();
        kept.checkpoints.shrink_to_fit();
        Ok(Self {
            state,
            bytes,
            client_id,
            kept,
            due,
        })
    }

    /// The room as it was; `None` where its document cannot be made again.
    pub async fn open(self) -> Option<Loaded> {
        let (state, bytes, client_id) = (self.state, self.bytes, self.client_id);
        let document = apart(bytes, move || inflate(&state, bytes, client_id)).await?;
        Some(Loaded {
            document,
            bytes,
            kept: self.kept,
        })
    }
}

/// Does what takes long for so many bytes where nobody waits for it.
async fn apart<T: Send + 'static>(bytes: usize, work: impl FnOnce() -> T + Send + 'static) -> T {
    if bytes < LARGE {
        return work();
    }
    match spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            // The runtime is going away, and this task with it.
            Err(_) => std::future::pending().await,
        },
    }
}

fn deflate(document: &Document) -> io::Result<(Box<[u8]>, usize)> {
    let updates = document.updates_since(&[]).map_err(io::Error::other)?;
    let mut deflated = DeflateEncoder::new(Vec::new(), LEVEL);
    for update in updates {
        deflated.write_all(&(update.len() as u64).to_le_bytes())?;
        deflated.write_all(&update)?;
    }
    let bytes = deflated.total_in() as usize;
    Ok((deflated.finish()?.into(), bytes))
}

fn inflate(deflated: &[u8], bytes: usize, client_id: u64) -> Option<Document> {
    let mut state = Vec::with_capacity(bytes);
    DeflateDecoder::new(deflated).read_to_end(&mut state).ok()?;
    let mut document = of_documents(|| Document::new(client_id));
    let mut rest = &*state;
    while let Some((length, after)) = rest.split_first_chunk() {
        let update = after.split_at_checked(u64::from_le_bytes(*length) as usize)?;
        history::apply(&mut document, update.0)?;
        rest = update.1;
    }
    rest.is_empty().then_some(document)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;
    use visionflow_document::Edit;
    use visionflow_geometry::{Point, Rect};
    use visionflow_model::{Annotation, AnnotationId, LabelId, Shape};

    fn add(document: &mut Document, at: u128) {
        let min = Point::new(at as f64, 2.0);
        let shape = Shape::Box(Rect::from_corners(min, Point::new(at as f64 + 30.0, 42.0)));
        let id = AnnotationId(Uuid::from_u128(at));
        let annotation = Annotation::new(id, LabelId(Uuid::nil()), shape);
        document.edit(&[Edit::Add(annotation)]).unwrap();
    }

    #[test]
    fn a_document_comes_back_as_it_was_and_goes_on() {
        let mut document = Document::new(7);
        for at in 1..100 {
            add(&mut document, at);
        }
        document.undo();
        let (state, bytes) = deflate(&document).unwrap();
        assert!(state.len() * 2 < bytes, "{} of {bytes}", state.len());
        let mut again = inflate(&state, bytes, 7).unwrap();
        assert_eq!(again.state_vector(), document.state_vector());
        assert_eq!(again.len(), 98);
        for annotation in document.annotations() {
            assert_eq!(again.get(annotation.id), Some(annotation));
        }
        // The same replica: its next edit follows its last.
        for document in [&mut document, &mut again] {
            add(document, 200);
            assert_eq!(document.len(), 99);
        }
        assert_eq!(again.state_vector(), document.state_vector());
    }

    #[test]
    fn what_waits_in_a_document_still_waits_in_it() {
        let mut author = Document::new(8);
        add(&mut author, 1);
        add(&mut author, 2);
        let updates = author.take_updates();
        let mut document = Document::new(7);
        document.apply_update(&updates[1]).unwrap();
        let (state, bytes) = deflate(&document).unwrap();
        let mut again = inflate(&state, bytes, 7).unwrap();
        assert!(again.is_empty() && !again.is_whole());
        again.apply_update(&updates[0]).unwrap();
        assert!(again.len() == 2 && again.is_whole());
    }

    #[test]
    fn what_cannot_be_read_is_no_document() {
        let (state, bytes) = deflate(&Document::new(7)).unwrap();
        assert!(inflate(&state, bytes, 7).is_some());
        assert!(inflate(&[0xff; 9], 9, 7).is_none());
    }

    #[test]
    fn a_document_stays_open_a_hundred_times_as_long_as_opening_takes() {
        let rest = Duration::from_secs(30);
        assert_eq!(patience(0, rest, false), Duration::from_secs(2));
        assert_eq!(patience(0, rest, true), Duration::ZERO);
        assert_eq!(patience(16_000, rest, true), Duration::from_millis(40));
        assert_eq!(patience(2_000_000, rest, false), Duration::from_secs(5));
        assert!(patience(usize::MAX, rest, true) > rest);
    }
}
