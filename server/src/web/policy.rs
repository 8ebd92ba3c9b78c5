//! Content security policies.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// Of scripts, styles and workers themselves. A worker fetches models from where they are kept, or
/// from the addresses that a project's admins have registered, which may be anywhere.
pub fn of_files(objects_origin: &str, is_development: bool) -> String {
    let own_machine = if is_development {
        " http://127.0.0.1:* http://localhost:*"
    } else {
        ""
    };
    format!(
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; \
         connect-src 'self' https: {objects_origin}{own_machine}; object-src 'none'"
    )
}

/// Of a page: its own scripts, those written into it (known by their digests), WebAssembly, sockets,
/// and photographs from where they are kept.
pub fn of_page(html: &str, objects_origin: &str) -> String {
    let mut scripts = String::new();
    for script in inline_scripts(html) {
        let digest = STANDARD.encode(Sha256::digest(script.as_bytes()));
        let _ = write!(scripts, " 'sha256-{digest}'");
    }
    format!(
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'{scripts}; \
         style-src 'self' 'unsafe-inline'; img-src 'self' blob: data: {objects_origin}; \
         connect-src 'self' ws: wss: {objects_origin}; worker-src 'self' blob:; font-src 'self'; \
         object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
}

/// The text of each `<script>` without `src`.
fn inline_scripts(html: &str) -> Vec<&str> {
    let mut scripts = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find("<script") {
        let Some(open) = rest[start..].find('>').map(|at| start + at + 1) else {
            break;
        };
        let Some(close) = rest[open..].find("</script>").map(|at| open + at) else {
            break;
        };
        if !rest[start..open].contains(" src") {
            scripts.push(&rest[open..close]);
        }
        rest = &rest[close..];
    }
    scripts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_scripts_are_known_by_their_digest() {
        let html = "<script src=\"/a.js\"></script><script>let a = 1;</script>\
                    <script type=\"module\">\nb()\n</script>";
        assert_eq!(inline_scripts(html), ["let a = 1;", "\nb()\n"]);
        let policy = of_page("<script>alert(1)</script>", "http://127.0.0.1:1");
        assert!(
            policy.contains("'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"),
            "{policy}"
        );
        assert!(
            policy.contains("img-src 'self' blob: data: http://127.0.0.1:1;"),
            "{policy}"
        );
    }
}
