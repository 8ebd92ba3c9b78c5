//! Bytes of a client to messages.

use crate::frame::{BINARY, CLOSE, CONTINUATION, Fault, Head, LONGEST, PING, TEXT, head_length};
use crate::{CloseFrame, Message};
use bytes::Bytes;

/// A frame's length is only a claim: at first no more than this is reserved for it.
const FIRST_RESERVE: usize = 64 << 10;

/// Reads one socket; owns nothing between messages.
#[derive(Debug)]
pub struct Decoder {
    /// The most bytes of a message.
    limit: usize,
    /// The beginning of a head that has not come whole.
    head: [u8; LONGEST],
    head_len: usize,
    frame: Option<Frame>,
    /// The message whose parts come in: `TEXT` or `BINARY`, and what there is of it.
    message: Option<(u8, Vec<u8>)>,
    /// A ping, pong or close that has not come whole; those may come between a message's parts.
    control: Vec<u8>,
}

/// A frame whose payload comes in.
#[derive(Debug)]
struct Frame {
    head: Head,
    /// Payload that is still to come, in bytes.
    left: usize,
}

impl Decoder {
    /// `limit`: the most bytes that a message may have.
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            head: [0; LONGEST],
            head_len: 0,
            frame: None,
            message: None,
            control: Vec::new(),
        }
    }

    /// The next message, and `input` without what was read for it; `None` when all of it was read
    /// and more has to come. After a fault nothing more can be understood.
    pub fn next(&mut self, input: &mut &[u8]) -> Result<Option<Message>, Fault> {
        loop {
            let frame = match self.frame.take() {
                Some(frame) => frame,
                None => match self.read_head(input)? {
                    Some(head) => self.begin(head)?,
                    None => return Ok(None),
                },
            };
            let Some(head) = self.read_payload(frame, input) else {
                return Ok(None);
            };
            if let Some(message) = self.end(&head)? {
                return Ok(Some(message));
            }
        }
    }

    fn read_head(&mut self, input: &mut &[u8]) -> Result<Option<Head>, Fault> {
        loop {
            let wanted = if self.head_len < 2 {
                2
            } else {
                head_length(self.head[1])
            };
            if self.head_len == wanted {
                self.head_len = 0;
                return Head::parse(&self.head[..wanted]).map(Some);
            }
            let take = input.len().min(wanted - self.head_len);
            if take == 0 {
                return Ok(None);
            }
            let (taken, rest) = input.split_at(take);
            self.head[self.head_len..][..take].copy_from_slice(taken);
            self.head_len += take;
            *input = rest;
        }
    }

    fn begin(&mut self, head: Head) -> Result<Frame, Fault> {
        match (head.kind, &self.message) {
            (CONTINUATION, None) => return Err(Fault::NotBegun),
            (TEXT | BINARY, Some(_)) => return Err(Fault::NotEnded),
            (TEXT | BINARY, None) => self.message = Some((head.kind, Vec::new())),
            _ => {}
        }
        let so_far = match &self.message {
            Some((_, bytes)) if !head.is_control() => bytes.len(),
            _ => 0,
        };
        let left = usize::try_from(head.length).unwrap_or(usize::MAX);
        if left > self.limit.saturating_sub(so_far) {
            return Err(Fault::TooLarge { limit: self.limit });
        }
        Ok(Frame { head, left })
    }

    /// Takes what there is of the payload; the head again when it is whole.
    fn read_payload(&mut self, mut frame: Frame, input: &mut &[u8]) -> Option<Head> {
        let bytes = match &mut self.message {
            Some((_, bytes)) if !frame.head.is_control() => bytes,
            _ => &mut self.control,
        };
        let (taken, rest) = input.split_at(input.len().min(frame.left));
        *input = rest;
        if bytes.capacity() - bytes.len() < taken.len() || bytes.capacity() == 0 {
            // All of it, or twice what has come.
            let ahead = FIRST_RESERVE.max(bytes.len()).max(taken.len());
            bytes.reserve_exact(frame.left.min(ahead));
        }
        let from = bytes.len();
        bytes.extend_from_slice(taken);
        // Where in the mask the payload goes on.
        let turn = (frame.head.length - frame.left as u64) % 4;
        let mut mask = frame.head.mask;
        mask.rotate_left(turn as usize);
        unmask(&mut bytes[from..], mask);
        frame.left -= taken.len();
        if frame.left == 0 {
            return Some(frame.head);
        }
        self.frame = Some(frame);
        None
    }

    /// The message that a whole frame ends, if it does.
    fn end(&mut self, head: &Head) -> Result<Option<Message>, Fault> {
        if head.is_control() {
            let bytes = std::mem::take(&mut self.control);
            return control(head.kind, bytes).map(Some);
        }
        if !head.is_final {
            return Ok(None);
        }
        let message = self.message.take().map(|(kind, bytes)| match kind {
            TEXT => String::from_utf8(bytes)
                .map(Message::Text)
                .map_err(|_| Fault::Utf8),
            _ => Ok(Message::Binary(bytes.into())),
        });
        message.transpose()
    }
}

fn control(kind: u8, bytes: Vec<u8>) -> Result<Message, Fault> {
    Ok(match kind {
        CLOSE => Message::Close(close(&bytes)?),
        PING => Message::Ping(Bytes::from(bytes)),
        _ => Message::Pong(Bytes::from(bytes)),
    })
}

fn close(bytes: &[u8]) -> Result<Option<CloseFrame>, Fault> {
    let (code, reason) = match bytes {
        [] => return Ok(None),
        [high, low, reason @ ..] => (u16::from_be_bytes([*high, *low]), reason),
        _ => return Err(Fault::CloseCode),
    };
    // Section 7.4.2, and those that its registry has since.
    if !matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999) {
        return Err(Fault::CloseCode);
    }
    let reason = str::from_utf8(reason).map_err(|_| Fault::Utf8)?.to_owned();
    Ok(Some(CloseFrame { code, reason }))
}

/// Section 5.3; eight bytes at a time.
fn unmask(bytes: &mut [u8], mask: [u8; 4]) {
    let [a, b, c, d] = mask;
    let wide = u64::from_ne_bytes([a, b, c, d, a, b, c, d]);
    let (eights, rest) = bytes.as_chunks_mut::<8>();
    for eight in eights {
        *eight = (u64::from_ne_bytes(*eight) ^ wide).to_ne_bytes();
    }
    for (byte, mask) in rest.iter_mut().zip(mask.iter().cycle()) {
        *byte ^= mask;
    }
}
