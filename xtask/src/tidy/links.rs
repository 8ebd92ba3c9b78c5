//! Links of Markdown pages lead somewhere.

use std::fs;
use std::path::Path;

use super::Findings;
use crate::places::Places;

pub fn check(places: &Places, files: &[String], findings: &mut Findings) {
    for file in files
        .iter()
        .filter(|file| Path::new(file).extension().is_some_and(|kind| kind == "md"))
    {
        let Ok(text) = fs::read_to_string(places.root.join(file)) else {
            continue;
        };
        let folder = places
            .root
            .join(file)
            .parent()
            .map(Path::to_path_buf)
            .unwrap_or_default();
        for (number, line) in text.lines().enumerate() {
            for target in targets(line) {
                let path = target.split('#').next().unwrap_or_default();
                if !path.is_empty()
                    && !path.contains("://")
                    && !path.starts_with("mailto:")
                    && !folder.join(path).exists()
                {
                    findings.error(
                        &format!("{file}:{}", number + 1),
                        &format!("links to {path}, which does not exist"),
                    );
                }
            }
        }
    }
}

/// What stands in the parentheses of `[text](target)`.
fn targets(line: &str) -> impl Iterator<Item = &str> {
    line.split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
}

#[cfg(test)]
mod tests {
    use super::targets;

    fn check(line: &str, expected: &[&str]) {
        assert_eq!(targets(line).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn link_targets() {
        check("no link (here)", &[]);
        check("see [a](b.md) and ![c](d/e.png)", &["b.md", "d/e.png"]);
        check("[a](b.md#part)", &["b.md#part"]);
    }
}
