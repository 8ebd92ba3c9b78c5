//! Which file names are taken: any that means the same everywhere and leads nowhere.

/// Bytes in UTF-8.
const MAX_BYTES: usize = 1024;

/// Names are kept as they are: spaces, any script, and folders between slashes.
pub fn check(name: &str) -> Result<(), &'static str> {
    if name.trim().is_empty() {
        return Err("The file has no name.");
    }
    if name.len() > MAX_BYTES {
        return Err("The file's name is longer than 1024 bytes.");
    }
    if name.chars().any(char::is_control) {
        return Err("The file's name contains control characters.");
    }
    let drive = name.as_bytes().get(1) == Some(&b':') && name.as_bytes()[0].is_ascii_alphabetic();
    if name.starts_with(['/', '\\']) || drive {
        return Err("The file's name is an absolute path; give a name or a relative path.");
    }
    if name
        .split(['/', '\\'])
        .any(|part| matches!(part, "" | "." | ".."))
    {
        return Err("The file's path contains “..”, “.” or an empty part.");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn names_of_people_pass_and_paths_that_lead_away_do_not() {
        for name in [
            "a.jpg",
            "day 1/front.jpg",
            "Füße/日本 (1).png",
            "..a.jpg",
            "a..b",
            "no extension",
            "emoji 🐕.webp",
        ] {
            assert_eq!(check(name), Ok(()), "{name}");
        }
        for name in [
            "",
            "  ",
            "..",
            "../a.jpg",
            "a/../b",
            "a/..",
            "/a.jpg",
            "\\a.jpg",
            "a\\..\\b",
            "C:\\a.jpg",
            "c:a",
            "a//b",
            "./a",
            "a/",
            "nul\0.jpg",
            "line\nbreak.jpg",
        ] {
            assert!(check(name).is_err(), "{name:?}");
        }
        assert!(check(&"x".repeat(1025)).is_err());
    }
}
