//! What can go wrong with a call, and the words for it.

use crate::t;
use visionflow_api::Problem;

#[derive(Clone, Debug, PartialEq)]
pub enum ApiError {
    /// No answer: the network or the server is away.
    Offline,
    /// Nobody is signed in, or the session has ended.
    SignedOut,
    /// The person stopped it.
    Cancelled,
    /// The server refused, and says why.
    Problem(Problem),
    /// An answer that this version of the workbench cannot read.
    Unreadable(String),
}

impl ApiError {
    /// One sentence for the person in front of the screen.
    pub fn words(&self) -> String {
        match self {
            Self::Offline => t!("error-offline"),
            Self::SignedOut => t!("error-signed-out"),
            Self::Cancelled => t!("error-cancelled"),
            Self::Problem(problem) if !problem.detail.is_empty() => sentence(&problem.detail),
            Self::Problem(problem) => match problem.status {
                401 => t!("error-signed-out"),
                403 => t!("error-forbidden"),
                404 => t!("error-not-found"),
                409 => t!("error-conflict"),
                413 => t!("error-too-large"),
                429 => t!("error-too-many"),
                status => t!("error-server", status = i64::from(status)),
            },
            Self::Unreadable(_) => t!("error-unreadable"),
        }
    }

    /// The id to quote to whoever runs the server, where there is one.
    pub fn request_id(&self) -> Option<&str> {
        match self {
            Self::Problem(problem) if !problem.request_id.is_empty() => Some(&problem.request_id),
            _ => None,
        }
    }

    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Problem(problem) => Some(problem.status),
            _ => None,
        }
    }

    pub fn is_not_found(&self) -> bool {
        self.status() == Some(404)
    }
}

/// The server's detail as a sentence: a capital in front, a full stop behind.
fn sentence(detail: &str) -> String {
    let mut chars = detail.trim().chars();
    let first = chars
        .next()
        .map(|c| c.to_uppercase().to_string())
        .unwrap_or_default();
    let text = format!("{first}{}", chars.as_str());
    if text.ends_with(['.', '!', '?']) {
        text
    } else {
        format!("{text}.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details_become_sentences() {
        assert_eq!(sentence("the file is no image"), "The file is no image.");
        assert_eq!(sentence("Too large!"), "Too large!");
    }
}
