//! Mentions within the plain text of a comment: `@[name](user:…)`.

use std::ops::Range;
use uuid::Uuid;

const USER: &str = "](user:";

/// A mention in a text. Its name is the writer's word; who it is says the id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    pub user_id: Uuid,
    pub name: String,
    /// Where it stands, in bytes.
    pub range: Range<usize>,
}

/// The mentions of a text, in their order.
pub fn mentions_in(text: &str) -> impl Iterator<Item = Mention> {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let start = from + text[from..].find("@[")?;
            from = start + 2;
            if let Some(mention) = mention_at(text, start) {
                from = mention.range.end;
                return Some(mention);
            }
        }
    })
}

/// A mention as it is written into a text.
pub fn mention_text(user_id: Uuid, name: &str) -> String {
    let name: String = name
        .chars()
        .filter(|c| !matches!(c, '[' | ']' | '\n' | '\r'))
        .collect();
    format!("@[{name}](user:{user_id})")
}

fn mention_at(text: &str, start: usize) -> Option<Mention> {
    let rest = &text[start + 2..];
    let end = rest.find([']', '[', '\n'])?;
    let after = rest[end..].strip_prefix(USER)?;
    let id = after.get(..36)?;
    after[36..].strip_prefix(')')?;
    Some(Mention {
        user_id: Uuid::parse_str(id).ok()?,
        name: rest[..end].to_owned(),
        range: start..start + 2 + end + USER.len() + 37,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANA: Uuid = Uuid::from_u128(7);

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<_> = mentions_in(text)
            .map(|mention| text[mention.range].to_owned())
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn mentions_are_found_and_what_only_looks_like_one_is_not() {
        let ana = mention_text(ANA, "Ana");
        check(&format!("{ana}: look, {ana}!"), &[&ana, &ana]);
        check("@[Ana](user:7) @[Ana] @[ @[](user:", &[]);
        check(&format!("@[{ana}"), &[&ana]);
        check(&format!("@[An\na](user:{ANA})"), &[]);
        check(&format!("@[Ana](user:{ANA}"), &[]);
        check(&"@[".repeat(10_000), &[]);
        check("@[ä](user:ääääääääääääääääääääääääääääääääääää)", &[]);
    }

    #[test]
    fn a_name_cannot_end_its_mention() {
        let text = mention_text(ANA, "A]n\n[a");
        check(&text, &[&text]);
        assert_eq!(mentions_in(&text).next().unwrap().name, "Ana");
    }
}
