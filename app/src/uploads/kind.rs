//! Which files are photographs that can be uploaded, by type or by name.

use crate::t;
use web_sys::File;

/// The largest file that the server takes.
const MAX_BYTES: f64 = 4096.0 * 1024.0 * 1024.0;
/// The same of what can only be decoded whole.
const MAX_WHOLE_BYTES: f64 = 200.0 * 1024.0 * 1024.0;

const KNOWN: [&str; 6] = [
    "image/jpeg",
    "image/png",
    "image/tiff",
    "image/webp",
    "image/bmp",
    "image/gif",
];

/// The content type that a file goes by, or `None` when it is no photograph.
pub fn content_type(name: &str, declared: &str) -> Option<&'static str> {
    let declared = match declared {
        "image/jpg" | "image/pjpeg" => "image/jpeg",
        other => other,
    };
    if let Some(known) = KNOWN.into_iter().find(|known| *known == declared) {
        return Some(known);
    }
    let extension = name.rsplit_once('.')?.1.to_ascii_lowercase();
    Some(match extension.as_str() {
        "jpg" | "jpeg" | "jfif" => "image/jpeg",
        "png" => "image/png",
        "tif" | "tiff" => "image/tiff",
        "webp" => "image/webp",
        "bmp" => "image/bmp",
        "gif" => "image/gif",
        _ => return None,
    })
}

/// Why a file is not even sent, in words.
pub fn refusal(path: &str, file: &File) -> Option<String> {
    let Some(kind) = content_type(path, &file.type_()) else {
        return Some(t!("upload-not-a-photograph"));
    };
    if file.size() == 0.0 {
        return Some(t!("upload-empty"));
    }
    let most = match kind {
        "image/jpeg" | "image/png" | "image/tiff" => MAX_BYTES,
        _ => MAX_WHOLE_BYTES,
    };
    if file.size() > most {
        return Some(t!("upload-too-large", max = crate::time_words::size(most)));
    }
    None
}

/// What a system leaves in folders, which nobody means to upload.
pub fn is_litter(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.starts_with('.') || matches!(name, "Thumbs.db" | "desktop.ini")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_declared_type_wins_and_the_name_helps() {
        assert_eq!(content_type("a.png", "image/jpeg"), Some("image/jpeg"));
        assert_eq!(content_type("a.PNG", ""), Some("image/png"));
        assert_eq!(content_type("a.TIFF", ""), Some("image/tiff"));
        assert_eq!(content_type("notes.txt", "text/plain"), None);
        assert_eq!(content_type("noname", ""), None);
    }

    #[test]
    fn litter_is_known_by_name() {
        assert!(is_litter("day 1/.DS_Store"));
        assert!(!is_litter("day 1/front.jpg"));
    }
}
