//! What scripts say, as the frames that other clients send.
//!
//! A binary message is a Yjs update (version 1), and nothing around it; a text is JSON.

use super::Script;
use super::presence::Shown;
use serde::Deserialize;
use visionflow_sync::Frame;

/// The largest text that is looked at.
const MAX_TEXT: usize = 64 << 10;

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "camelCase")]
enum Said {
    Presence(Shown),
    Authenticate { token: String },
}

impl Script {
    /// An update; one that brings nothing new is welcome.
    pub fn update(update: &[u8]) -> Frame {
        Frame::Update(update.to_vec())
    }

    /// Errors say what is wrong, for the script's author to read.
    pub fn frame(&self, text: &str) -> Result<Frame, String> {
        if text.len() > MAX_TEXT {
            let length = text.len();
            return Err(format!(
                "The message has {length} bytes; {MAX_TEXT} are the most for JSON."
            ));
        }
        match serde_json::from_str(text) {
            Ok(Said::Presence(shown)) => {
                shown.check()?;
                Ok(Frame::Awareness(self.show(&shown)))
            }
            Ok(Said::Authenticate { token }) => {
                let renewal = visionflow_api::ClientControl::Authenticate { token };
                let json = serde_json::to_string(&renewal).expect("plain values");
                Ok(Frame::Control(json))
            }
            Err(error) => Err(format!(
                "The message is none of this protocol (types: presence, authenticate): {error}."
            )),
        }
    }
}
