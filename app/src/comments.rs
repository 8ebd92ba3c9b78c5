//! A photograph's comments as far as they need no browser: what is known of them, and what waits to
//! be sent. `pages/annotate/comments` shows it, stores it and sends it.

mod book;
mod overlay;
mod waiting;

pub use book::{Book, Joined, Open, Sent, TYPING_MS};
pub use overlay::mentioned;
pub use waiting::{Said, Waiting};
