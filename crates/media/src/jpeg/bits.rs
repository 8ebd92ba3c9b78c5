//! The bit stream of a scan, with places to come back to.

use super::damaged;
use crate::error::PictureError;
use std::io::{Read, Seek, SeekFrom};

/// Bytes of the file that are read at once.
const BUFFER: usize = 64 * 1024;

/// A place between two MCUs, and what decoding needs to know there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// The next byte of the file.
    at: u64,
    /// Bits that were read and not used yet, the next one highest.
    held: u64,
    count: u8,
    /// Predictions of the DC values.
    dc: [i16; 4],
    /// MCUs until the next restart marker.
    until_restart: u16,
    /// Blocks that an end-of-band run still skips (progressive only).
    pub end_of_band: u16,
}

/// Reads bits from a file.
pub struct Bits<R> {
    reader: R,
    buffer: Vec<u8>,
    /// Where in the file the buffer starts, and where in it reading goes on.
    start: u64,
    next: usize,
    /// The file's own place, where it is known.
    place: Option<u64>,
    mark: Mark,
    /// A marker or the end was met: only zeros follow.
    is_over: bool,
    /// Bits that were made up after the end.
    missing: u32,
}

impl<R: Read + Seek> Bits<R> {
    pub fn new(reader: R) -> Self {
        Self {
            reader,
            buffer: Vec::new(),
            start: 0,
            next: 0,
            place: None,
            mark: Mark::default(),
            is_over: false,
            missing: 0,
        }
    }

    /// The next byte of the file, outside of scans.
    pub fn byte(&mut self) -> Result<u8, PictureError> {
        self.try_byte()?.ok_or(PictureError::Truncated)
    }

    pub fn u16(&mut self) -> Result<u16, PictureError> {
        Ok(u16::from_be_bytes([self.byte()?, self.byte()?]))
    }

    /// The bytes of a segment of this length.
    pub fn bytes(&mut self, len: usize) -> Result<Vec<u8>, PictureError> {
        (0..len).map(|_| self.byte()).collect()
    }

    pub fn skip(&mut self, len: u64) {
        let at = self.position() + len;
        self.go_to(at);
    }

    /// Begins a scan here; where it begins.
    pub fn start_scan(&mut self, restart_interval: u16) -> Mark {
        self.mark = Mark {
            at: self.position(),
            until_restart: restart_interval,
            ..Mark::default()
        };
        self.is_over = false;
        self.missing = 0;
        self.mark
    }

    /// This place.
    pub fn mark(&self) -> Mark {
        Mark {
            at: self.position(),
            ..self.mark
        }
    }

    /// Goes back to a place.
    pub fn resume(&mut self, mark: &Mark) {
        if *mark != self.mark() {
            self.go_to(mark.at);
            self.mark = *mark;
            self.is_over = false;
            self.missing = 0;
        }
    }

    /// Leaves the scan: bytes are read again, from the marker that ended it.
    pub fn end_scan(&mut self) -> Result<(), PictureError> {
        self.mark.held = 0;
        self.mark.count = 0;
        // Whatever bytes are left of the scan are passed over.
        let mut before = 0;
        while let Some(byte) = self.try_byte()? {
            if before == 0xff && byte != 0 && byte != 0xff && !(0xd0..=0xd7).contains(&byte) {
                let at = self.position() - 2;
                self.go_to(at);
                return Ok(());
            }
            before = byte;
        }
        Ok(())
    }

    /// Reads the restart marker where one is due.
    pub fn before_mcu(&mut self, restart_interval: u16) -> Result<(), PictureError> {
        if restart_interval == 0 {
            return Ok(());
        }
        if self.mark.until_restart == 0 {
            self.restart()?;
            self.mark.until_restart = restart_interval;
        }
        self.mark.until_restart -= 1;
        Ok(())
    }

    pub fn dc(&mut self, component: usize) -> &mut i16 {
        &mut self.mark.dc[component & 3]
    }

    pub fn end_of_band(&mut self) -> &mut u16 {
        &mut self.mark.end_of_band
    }

    /// At least 16 bits at the top, zeros after the end.
    #[inline]
    pub fn peek16(&mut self) -> Result<u32, PictureError> {
        if self.mark.count < 16 {
            self.fill()?;
        }
        Ok((self.mark.held >> 48) as u32)
    }

    /// Takes `count` bits that were looked at.
    #[inline]
    pub fn drop_bits(&mut self, count: u8) -> Result<(), PictureError> {
        self.mark.held <<= count;
        if count > self.mark.count {
            self.missing += u32::from(count - self.mark.count);
            self.mark.count = 0;
            // Some encoders leave out the last bits; a picture's worth of them is a cut file.
            if self.missing > 64 {
                return Err(PictureError::Truncated);
            }
        } else {
            self.mark.count -= count;
        }
        Ok(())
    }

    /// `count` bits, at most 16.
    #[inline]
    pub fn take(&mut self, count: u8) -> Result<u32, PictureError> {
        if count == 0 {
            return Ok(0);
        }
        let bits = self.peek16()? >> (16 - count);
        self.drop_bits(count)?;
        Ok(bits)
    }

    /// A value of `size` bits in the notation of T.81, section F.2.2.1.
    #[inline]
    pub fn signed(&mut self, size: u8) -> Result<i32, PictureError> {
        if size == 0 {
            return Ok(0);
        }
        let bits = self.take(size)? as i32;
        let half = 1 << (size - 1);
        Ok(if bits < half {
            bits - (1 << size) + 1
        } else {
            bits
        })
    }

    fn fill(&mut self) -> Result<(), PictureError> {
        while self.mark.count <= 56 && !self.is_over {
            let Some(byte) = self.try_byte()? else {
                self.is_over = true;
                break;
            };
            if byte == 0xff {
                match self.try_byte()? {
                    Some(0) => {}
                    Some(_) => {
                        // A marker: it is left for whoever comes next.
                        let at = self.position() - 2;
                        self.go_to(at);
                        self.is_over = true;
                        break;
                    }
                    None => {
                        self.is_over = true;
                        break;
                    }
                }
            }
            self.mark.held |= u64::from(byte) << (56 - self.mark.count);
            self.mark.count += 8;
        }
        Ok(())
    }

    fn restart(&mut self) -> Result<(), PictureError> {
        self.mark.held = 0;
        self.mark.count = 0;
        self.mark.dc = [0; 4];
        self.mark.end_of_band = 0;
        self.is_over = false;
        self.missing = 0;
        // Padding and fill bytes may stand before the marker.
        let mut before = 0;
        for _ in 0..1 << 16 {
            let byte = self.byte()?;
            if before == 0xff && (0xd0..=0xd7).contains(&byte) {
                return Ok(());
            }
            if before == 0xff && byte == 0xd9 {
                return Err(PictureError::Truncated);
            }
            before = byte;
        }
        Err(damaged("a restart marker is missing"))
    }

    fn position(&self) -> u64 {
        self.start + self.next as u64
    }

    fn go_to(&mut self, at: u64) {
        let inside = at >= self.start && at <= self.start + self.buffer.len() as u64;
        if inside {
            self.next = (at - self.start) as usize;
        } else {
            self.buffer.clear();
            self.start = at;
            self.next = 0;
        }
    }

    #[inline]
    fn try_byte(&mut self) -> Result<Option<u8>, PictureError> {
        if let Some(byte) = self.buffer.get(self.next) {
            self.next += 1;
            return Ok(Some(*byte));
        }
        self.read_more()
    }

    fn read_more(&mut self) -> Result<Option<u8>, PictureError> {
        let io = |error: std::io::Error| crate::png::read_error(&error);
        let at = self.position();
        // The last bytes stay, so that a marker can be stepped back over.
        let kept = self.buffer.len().min(2).min(self.next);
        let tail = self.buffer[self.next - kept..self.next].to_vec();
        if self.place != Some(at) {
            self.reader.seek(SeekFrom::Start(at)).map_err(io)?;
        }
        let mut fresh = vec![0; kept + BUFFER];
        fresh[..kept].copy_from_slice(&tail);
        let mut len = kept;
        while len < fresh.len() {
            let read = self.reader.read(&mut fresh[len..]).map_err(io)?;
            if read == 0 {
                break;
            }
            len += read;
        }
        fresh.truncate(len);
        self.start = at - kept as u64;
        self.next = kept;
        self.place = Some(at + (len - kept) as u64);
        self.buffer = fresh;
        let byte = self.buffer.get(self.next).copied();
        self.next += usize::from(byte.is_some());
        Ok(byte)
    }
}
