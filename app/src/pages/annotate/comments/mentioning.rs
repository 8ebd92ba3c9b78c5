//! Mentions while a comment is typed: `@` and the beginning of a name offer members, and a chosen
//! one stands in the field by name until it is sent.

use std::ops::Range;
use uuid::Uuid;
use visionflow_api::{ProjectMember, mention_text, mentions_in};
use visionflow_geometry::sort_by_key;

/// The most names that are offered.
const OFFERED: usize = 6;
/// What follows an `@` for longer is no name.
const LONGEST: usize = 40;

/// A name that is being typed: where it stands, with its `@`, in characters of UTF-16 as the field
/// counts them.
#[derive(Clone, Debug, PartialEq)]
pub struct Typed {
    pub range: Range<usize>,
    pub name: String,
}

/// The name at the cursor, if it is one.
pub fn typed_at(value: &str, cursor: usize) -> Option<Typed> {
    let before: Vec<u16> = value.encode_utf16().take(cursor).collect();
    let at = before.iter().rposition(|unit| *unit == u16::from(b'@'))?;
    let starts = at == 0 || matches!(before[at - 1], 0x20 | 0x0A | 0x28);
    let name = String::from_utf16_lossy(&before[at + 1..]);
    let is_name = starts && name.chars().count() <= LONGEST && !name.contains('\n');
    is_name.then_some(Typed {
        range: at..before.len(),
        name,
    })
}

/// What somebody is called.
pub fn name_of(member: &ProjectMember) -> &str {
    if member.name.is_empty() {
        &member.email
    } else {
        &member.name
    }
}

/// The members that a name may mean: those that begin with it first.
pub fn offered<'a>(members: &'a [ProjectMember], me: Uuid, name: &str) -> Vec<&'a ProjectMember> {
    let name = name.to_lowercase();
    let mut found: Vec<(bool, &ProjectMember)> = members
        .iter()
        .filter(|member| member.user_id != me)
        .filter_map(|member| {
            let known = name_of(member).to_lowercase();
            let begins = known.starts_with(&name);
            let within = begins || known.contains(&name) || member.email.starts_with(&name);
            within.then_some((!begins, member))
        })
        .collect();
    sort_by_key(&mut found, |(later, member)| {
        (*later, name_of(member).to_lowercase())
    });
    found.truncate(OFFERED);
    found.into_iter().map(|(_, member)| member).collect()
}

/// The field's text with the name in place of what was typed of it, and where the cursor is then.
pub fn completed(value: &str, typed: &Typed, name: &str) -> (String, usize) {
    let units: Vec<u16> = value.encode_utf16().collect();
    let inserted: Vec<u16> = format!("@{name} ").encode_utf16().collect();
    let cursor = typed.range.start + inserted.len();
    let text = [
        &units[..typed.range.start],
        &inserted,
        &units[typed.range.end..],
    ]
    .concat();
    (String::from_utf16_lossy(&text), cursor)
}

/// The text as it is sent: names that were chosen become mentions.
pub fn to_body(value: &str, chosen: &[(String, Uuid)]) -> String {
    let mut chosen: Vec<_> = chosen.iter().collect();
    // A name may begin with another.
    sort_by_key(&mut chosen, |(name, _)| std::cmp::Reverse(name.len()));
    chosen.dedup();
    let text = value.trim().to_owned();
    chosen.into_iter().fold(text, |text, (name, id)| {
        text.replace(&format!("@{name}"), &mention_text(*id, name))
    })
}

/// A comment's text as the field shows it, and who is mentioned in it.
pub fn from_body(body: &str) -> (String, Vec<(String, Uuid)>) {
    let chosen = mentions_in(body).map(|mention| (mention.name, mention.user_id));
    (super::words::plain(body), chosen.collect())
}
