//! The package's English words: those of the workbench's catalogue that the engine asks for by key.

use anyhow::{Result, bail};

/// Where the words are, from the root.
pub const CATALOGUE: &str = "app/locales/en.ftl";
/// Where the package keeps its own, from the root.
pub const TEXTS: &str = "pkg/src/texts.ts";

/// The hints and notices of a Fluent catalogue as a TypeScript module.
pub fn module(catalogue: &str) -> Result<String> {
    let mut module = format!(
        "// Generated from `{CATALOGUE}` by `cargo xtask generate`; change the words there.\n\n\
         /** English for what the engine says by key. */\n\
         export const ENGLISH = {{\n"
    );
    for line in catalogue.lines() {
        let Some((key, words)) = line.split_once(" = ") else {
            continue;
        };
        if !key.starts_with("hint-") && !key.starts_with("notice-") {
            continue;
        }
        if words.contains(['{', '\\']) {
            bail!("{CATALOGUE}: {key} has a placeholder, which the package cannot fill in");
        }
        let words = words.replace('\'', "\\'");
        module.extend(["  '", key, "': '", &words, "',\n"]);
    }
    module.push_str("} as const\n");
    Ok(module)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hints_and_notices_become_a_table() {
        let check = |catalogue: &str, expected: &str| {
            let module = module(catalogue).unwrap();
            let table = module.split_once("{\n").unwrap().1;
            assert_eq!(table, expected);
        };
        check("", "} as const\n");
        check(
            "hint-a = Click · drag\ntool-a = A\nnotice-b = It's locked.\n",
            "  'hint-a': 'Click · drag',\n  'notice-b': 'It\\'s locked.',\n} as const\n",
        );
        assert!(module("hint-a = Press { $key }").is_err());
    }
}
