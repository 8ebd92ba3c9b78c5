//! The first file of a `multipart/form-data` body (RFC 7578), read as it arrives.
//!
//! Only what a file needs is understood: the boundary, and the part's `Content-Disposition`. What
//! waits in memory is bounded by the longest boundary and the headers of one part.

use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt};
use std::pin::Pin;

/// The longest boundary that RFC 2046 allows.
const MAX_BOUNDARY: usize = 70;
const MAX_HEADERS: usize = 16 << 10;
/// What may stand before the file: a preamble, and other fields.
const MAX_BEFORE: usize = 256 << 10;

/// Why a form is refused; a sentence's end.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    #[error("its content type names no boundary")]
    Boundary,
    #[error("it ends early")]
    Truncated,
    #[error("the headers of a part are malformed, or longer than 16 KiB")]
    Headers,
    #[error("more than 256 KiB stand before its file")]
    TooMuchBefore,
    #[error("the connection broke: {0}")]
    Interrupted(String),
}

type Chunks<'a> = Pin<Box<dyn Stream<Item = Result<Bytes, FormError>> + Send + 'a>>;

/// A form whose file is to be read.
pub struct Form<'a> {
    chunks: Chunks<'a>,
    buffer: BytesMut,
    /// A line's end and the boundary with its two dashes.
    delimiter: Vec<u8>,
    /// The file's last byte has been given.
    ended: bool,
}

impl<'a> Form<'a> {
    /// `content_type` as the request names it.
    pub fn new(
        content_type: &str,
        chunks: impl Stream<Item = Result<Bytes, FormError>> + Send + 'a,
    ) -> Result<Self, FormError> {
        let boundary = boundary(content_type).ok_or(FormError::Boundary)?;
        Ok(Self {
            chunks: Box::pin(chunks),
            // So that the first boundary has a line's end before it, like all others.
            buffer: BytesMut::from(&b"\r\n"[..]),
            delimiter: format!("\r\n--{boundary}").into_bytes(),
            ended: false,
        })
    }

    /// Goes to the first file; its name, or `None` where the form has none.
    pub async fn file(&mut self) -> Result<Option<String>, FormError> {
        let mut passed = 0;
        loop {
            while let Some(chunk) = self.content().await? {
                passed += chunk.len();
                if passed > MAX_BEFORE {
                    return Err(FormError::TooMuchBefore);
                }
            }
            self.need(2).await?;
            if self.buffer.starts_with(b"--") {
                return Ok(None);
            }
            let headers = self.headers().await?;
            self.ended = false;
            if let Some(name) = filename(&headers) {
                return Ok(Some(name));
            }
        }
    }

    /// More of the content that the form is at; `None` at its end.
    pub async fn content(&mut self) -> Result<Option<Bytes>, FormError> {
        if self.ended {
            return Ok(None);
        }
        loop {
            if let Some(at) = find(&self.buffer, &self.delimiter) {
                let rest = self.buffer.split_to(at).freeze();
                let _ = self.buffer.split_to(self.delimiter.len());
                self.ended = true;
                return Ok(Some(rest).filter(|rest| !rest.is_empty()));
            }
            // The last bytes may be the beginning of the delimiter.
            let sure = (self.buffer.len() + 1).saturating_sub(self.delimiter.len());
            if sure > 0 {
                return Ok(Some(self.buffer.split_to(sure).freeze()));
            }
            self.more().await?;
        }
    }

    /// The lines between a boundary and its content.
    async fn headers(&mut self) -> Result<String, FormError> {
        loop {
            if let Some(at) = find(&self.buffer, b"\r\n\r\n") {
                let lines = self.buffer.split_to(at);
                let _ = self.buffer.split_to(4);
                return String::from_utf8(lines.to_vec()).map_err(|_| FormError::Headers);
            }
            if self.buffer.len() > MAX_HEADERS {
                return Err(FormError::Headers);
            }
            self.more().await?;
        }
    }

    async fn need(&mut self, count: usize) -> Result<(), FormError> {
        while self.buffer.len() < count {
            self.more().await?;
        }
        Ok(())
    }

    async fn more(&mut self) -> Result<(), FormError> {
        let chunk = self.chunks.next().await.ok_or(FormError::Truncated)??;
        self.buffer.extend_from_slice(&chunk);
        Ok(())
    }
}

fn boundary(content_type: &str) -> Option<&str> {
    let boundary = content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let is_it = name.trim().eq_ignore_ascii_case("boundary");
        is_it.then(|| value.trim().trim_matches('"'))
    })?;
    let fits = (1..=MAX_BOUNDARY).contains(&boundary.len()) && !boundary.contains(['\r', '\n']);
    fits.then_some(boundary)
}

/// The name of the part's file; `None` for a part that is none.
fn filename(headers: &str) -> Option<String> {
    let disposition = headers.split("\r\n").find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let is_it = name.trim().eq_ignore_ascii_case("content-disposition");
        is_it.then_some(value)
    })?;
    let (_, after) = disposition.split_once("filename=\"")?;
    let mut name = String::new();
    let mut chars = after.chars();
    loop {
        match chars.next()? {
            '"' => return Some(name),
            '\\' => name.extend(chars.next()),
            plain => name.push(plain),
        }
    }
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from
            + haystack[from..]
                .iter()
                .position(|byte| *byte == needle[0])?;
        if haystack[at..].starts_with(needle) {
            return Some(at);
        }
        from = at + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::stream;

    const KIND: &str = "multipart/form-data; boundary=edge";

    /// Name and content of the file, however the body is cut into chunks.
    async fn read(
        kind: &str,
        body: &[u8],
        size: usize,
    ) -> Result<Option<(String, Vec<u8>)>, FormError> {
        let chunks = body
            .chunks(size)
            .map(|chunk| Ok(Bytes::copy_from_slice(chunk)));
        let mut form = Form::new(kind, stream::iter(chunks.collect::<Vec<_>>()))?;
        let Some(name) = form.file().await? else {
            return Ok(None);
        };
        let mut content = Vec::new();
        while let Some(chunk) = form.content().await? {
            content.extend_from_slice(&chunk);
        }
        Ok(Some((name, content)))
    }

    #[tokio::test]
    async fn the_first_file_is_found_however_it_arrives() {
        let check = async |body: &str, expected: Result<Option<(&str, &str)>, FormError>| {
            let expected = expected.map(|file| {
                file.map(|(name, content)| (name.to_owned(), content.as_bytes().to_vec()))
            });
            for size in [1, 2, 3, 7, 1000] {
                assert_eq!(
                    read(KIND, body.as_bytes(), size).await,
                    expected,
                    "{body:?} by {size}"
                );
            }
        };
        let file = "Content-Disposition: form-data; name=\"f\"; filename=\"a.png\"\r\n\r\n";
        let field = "content-disposition: form-data; name=\"f\"\r\n\r\n";
        check(
            &format!("--edge\r\n{file}\r\n--edg\r\r\n\r\n--edge--"),
            Ok(Some(("a.png", "\r\n--edg\r\r\n"))),
        )
        .await;
        check(
            &format!("before\r\n--edge\r\n{field}x\r\n--edge\r\n{file}y\r\n--edge\r\n{file}z\r\n--edge--\r\n"),
            Ok(Some(("a.png", "y"))),
        )
        .await;
        check(
            &format!("--edge\r\n{file}\r\n--edge--"),
            Ok(Some(("a.png", ""))),
        )
        .await;
        check(&format!("--edge\r\n{field}x\r\n--edge--\r\n"), Ok(None)).await;
        check("--edge--", Ok(None)).await;
        check("", Err(FormError::Truncated)).await;
        check(
            &format!("--edge\r\n{file}abc\r\n--ed"),
            Err(FormError::Truncated),
        )
        .await;
        let quoted = "content-disposition: form-data; filename=\"a \\\"b\\\" ü.png\"\r\n\r\n";
        check(
            &format!("--edge\r\n{quoted}x\r\n--edge--"),
            Ok(Some(("a \"b\" ü.png", "x"))),
        )
        .await;
    }

    #[tokio::test]
    async fn what_would_fill_the_memory_is_refused() {
        let long = [b"--edge\r\n", &vec![b'x'; MAX_HEADERS * 2][..]].concat();
        assert_eq!(read(KIND, &long, 1000).await, Err(FormError::Headers));
        let before = vec![b'x'; MAX_BEFORE * 2];
        assert_eq!(
            read(KIND, &before, 1000).await,
            Err(FormError::TooMuchBefore)
        );
        for kind in ["multipart/form-data", "multipart/form-data; boundary=\"\""] {
            assert_eq!(read(kind, b"", 1).await, Err(FormError::Boundary));
        }
        let long = format!("multipart/form-data; boundary={}", "x".repeat(71));
        assert_eq!(read(&long, b"", 1).await, Err(FormError::Boundary));
    }
}
