//! A WebSocket on one of the server's connections: the handshake (RFC 6455, section 4.2), and then a
//! half that receives and a half that sends.
//!
//! Neither half has a buffer of its own while nothing comes or goes: all sockets of a thread are
//! read through one, and what is sent is written from where it lies.

use crate::error::{Error, Result};
use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::response::Response;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use sha1::{Digest, Sha1};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWriteExt, ReadBuf, ReadHalf, WriteHalf};
use visionflow_websocket::{Decoder, Fault, Message, Outgoing};

/// What is read at once.
const READ: usize = 16 << 10;
const VERSION: &str = "13";
/// Section 1.3.
const ACCEPTED: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

thread_local! {
    /// What sockets of this thread are read into, one after another.
    static SCRATCH: RefCell<Vec<u8>> = RefCell::new(vec![0; READ]);
}

type Io = TokioIo<Upgraded>;

/// A request for a WebSocket.
pub(super) struct Upgrade {
    accept: HeaderValue,
    upgraded: OnUpgrade,
}

impl<S: Sync> FromRequestParts<S> for Upgrade {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        let headers = &parts.headers;
        let asked = parts.method == Method::GET
            && lists(headers, header::CONNECTION, "upgrade")
            && lists(headers, header::UPGRADE, "websocket")
            && lists(headers, header::SEC_WEBSOCKET_VERSION, VERSION);
        let key = headers.get(header::SEC_WEBSOCKET_KEY).filter(|_| asked);
        let accept = key.map(accept);
        let upgraded = parts.extensions.remove::<OnUpgrade>();
        let (Some(accept), Some(upgraded)) = (accept, upgraded) else {
            let detail = "This is a WebSocket: it wants an upgrade of HTTP/1.1, version 13.";
            let status = StatusCode::UPGRADE_REQUIRED;
            return Err(Error::refused(status, "upgrade_required", detail));
        };
        Ok(Self { accept, upgraded })
    }
}

/// Whether `wanted` stands in a comma-separated header.
fn lists(headers: &HeaderMap, name: HeaderName, wanted: &str) -> bool {
    let values = headers.get_all(name).into_iter();
    values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|item| item.trim().eq_ignore_ascii_case(wanted))
}

fn accept(key: &HeaderValue) -> HeaderValue {
    let digest = Sha1::new()
        .chain_update(key.as_bytes())
        .chain_update(ACCEPTED)
        .finalize();
    HeaderValue::try_from(BASE64_STANDARD.encode(digest)).expect("Base64 is ASCII")
}

impl Upgrade {
    /// The answer; `serve` gets the socket once it is sent. A message of more than `limit` bytes is
    /// a fault.
    pub fn answer<F>(
        self,
        limit: usize,
        serve: impl FnOnce(Box<Receiver>, Sender) -> F + Send + 'static,
    ) -> Response
    where
        F: Future<Output = ()> + Send + 'static,
    {
        tokio::spawn(async move {
            let upgraded = match self.upgraded.await {
                Ok(upgraded) => upgraded,
                Err(error) => {
                    return tracing::debug!(%error, "a connection ended before it was a socket");
                }
            };
            let (reading, writing) = tokio::io::split(TokioIo::new(upgraded));
            // Boxed: it is handed on, and each task on its way would have room for it.
            let receiver = Box::new(Receiver {
                io: reading,
                decoder: Decoder::new(limit),
                ready: VecDeque::new(),
                fault: None,
                ended: false,
            });
            serve(receiver, Sender { io: writing }).await;
        });
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        let headers = response.headers_mut();
        headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
        headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        headers.insert(header::SEC_WEBSOCKET_ACCEPT, self.accept);
        response
    }
}

pub(super) struct Receiver {
    io: ReadHalf<Io>,
    decoder: Decoder,
    /// Messages that came with one read.
    ready: VecDeque<Message>,
    /// What comes after those.
    fault: Option<Fault>,
    /// Nothing more is read.
    ended: bool,
}

impl Receiver {
    /// The next message; `None` after a close or the end of the connection, and after a fault that
    /// fault again. It may be dropped while it waits.
    pub async fn next(&mut self) -> Option<Result<Message, Fault>> {
        poll_fn(|context| self.poll_next(context)).await
    }

    fn poll_next(&mut self, context: &mut Context) -> Poll<Option<Result<Message, Fault>>> {
        loop {
            if let Some(message) = self.ready.pop_front() {
                if self.ready.is_empty() {
                    self.ready = VecDeque::new();
                }
                return Poll::Ready(Some(Ok(message)));
            }
            if self.ended {
                return Poll::Ready(self.fault.clone().map(Err));
            }
            let read = SCRATCH.with_borrow_mut(|scratch| self.poll_read(context, scratch));
            if let Some(message) = ready!(read) {
                return Poll::Ready(Some(Ok(message)));
            }
        }
    }

    /// Reads once. Of the messages that come with it the first is given, the others are `ready`.
    fn poll_read(&mut self, context: &mut Context, scratch: &mut [u8]) -> Poll<Option<Message>> {
        let mut buffer = ReadBuf::new(scratch);
        let read = ready!(Pin::new(&mut self.io).poll_read(context, &mut buffer));
        let mut bytes = buffer.filled();
        self.ended = read.is_err() || bytes.is_empty();
        let mut first = None;
        while !self.ended {
            match self.decoder.next(&mut bytes) {
                Ok(Some(message)) => {
                    self.ended = matches!(message, Message::Close(_));
                    if first.is_none() {
                        first = Some(message);
                    } else {
                        self.ready.push_back(message);
                    }
                }
                Ok(None) => break,
                Err(fault) => {
                    self.fault = Some(fault);
                    self.ended = true;
                }
            }
        }
        Poll::Ready(first)
    }

    /// Reads what still comes, after a fault whatever it is: unread bytes would make the system
    /// reset the connection, and the last words of this side be lost.
    pub async fn drain(&mut self) {
        while let Some(Ok(_)) = self.next().await {}
        if self.fault.is_some() {
            let _ = tokio::io::copy(&mut self.io, &mut tokio::io::sink()).await;
        }
    }
}

pub(super) struct Sender {
    io: WriteHalf<Io>,
}

impl Sender {
    /// Writes all of it; an error when the connection has ended.
    pub async fn send(&mut self, messages: Vec<Message>) -> std::io::Result<()> {
        self.io.write_all_buf(&mut Outgoing::new(messages)).await?;
        self.io.flush().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 6455, section 1.3.
    #[test]
    fn a_key_is_accepted() {
        let key = HeaderValue::from_static("dGhlIHNhbXBsZSBub25jZQ==");
        assert_eq!(accept(&key), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    #[test]
    fn headers_are_lists() {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::CONNECTION,
            HeaderValue::from_static("keep-alive, Upgrade"),
        );
        assert!(lists(&headers, header::CONNECTION, "upgrade"));
        assert!(!lists(&headers, header::CONNECTION, "up"));
        assert!(!lists(&headers, header::UPGRADE, "websocket"));
    }
}
