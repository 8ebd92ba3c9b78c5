//! What a handler did not read of a body is read and thrown away before the answer goes out.
//!
//! A connection that closes while the caller still sends is reset, and the answer with it: who
//! sent too much would be told of a broken connection and not of a limit, and who asks again on
//! the same connection would meet its end. What is larger or slower than a connection is worth is
//! answered at once, with word that the connection ends.

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderValue, header};
use http_body::{Frame, SizeHint};
use http_body_util::BodyExt as _;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

/// So much is read for nothing at the most.
const MOST: u64 = 128 << 20;
/// And for so long.
const PATIENCE: Duration = Duration::from_secs(10);

/// Layer of every route.
pub async fn take(request: Request, next: Next) -> Response {
    // Who waits for leave to send has not sent.
    if request.body().is_end_stream() || request.headers().contains_key(header::EXPECT) {
        return next.run(request).await;
    }
    let left = Arc::<Mutex<Option<Body>>>::default();
    let lent = request.map(|body| {
        let left = left.clone();
        Body::new(Lent { body, left })
    });
    let mut response = next.run(lent).await;
    let unread = left.lock().unwrap_or_else(PoisonError::into_inner).take();
    let Some(body) = unread.filter(|body| !body.is_end_stream()) else {
        return response;
    };
    let drained = tokio::time::timeout(PATIENCE, drain(body)).await;
    if !drained.unwrap_or(false) {
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(header::CONNECTION, close);
    }
    response
}

/// Whether the end was reached.
async fn drain(mut body: Body) -> bool {
    if body.size_hint().lower() > MOST {
        return false;
    }
    let mut read = 0;
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else { return false };
        read += frame.data_ref().map_or(0, |data| data.len() as u64);
        if read > MOST {
            return false;
        }
    }
    true
}

/// A body that leaves what was not read of it.
struct Lent {
    body: Body,
    left: Arc<Mutex<Option<Body>>>,
}

impl HttpBody for Lent {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let body = std::mem::take(&mut self.body);
        *self.left.lock().unwrap_or_else(PoisonError::into_inner) = Some(body);
    }
}
