//! The page of benchmarks as a list of sections, of which a run replaces those that it measured.

use std::fmt::Write as _;

const HEAD: &str = "# Benchmarks\n\nWritten by `cargo xtask bench`, which measures everything below one after another; with `--only` it measures one part and leaves the other sections as they were.\nFigures move with the machine and its load; compare them only within one section.\n";

/// What stands under one heading.
pub struct Section {
    pub title: String,
    pub body: String,
}

/// The page with some sections in place of those of the same title, or where `order` puts them.
pub fn with(page: &str, measured: Vec<Section>, order: &[&str]) -> String {
    let mut sections = parse(page);
    for section in measured {
        if let Some(at) = sections.iter().position(|s| s.title == section.title) {
            sections[at] = section;
        } else {
            let at = place(&sections, &section.title, order);
            sections.insert(at, section);
        }
    }
    let mut page = HEAD.to_owned();
    for Section { title, body } in sections {
        // Writing to a String cannot fail.
        let _ = write!(page, "\n## {title}\n\n{}\n", body.trim());
    }
    page
}

fn parse(page: &str) -> Vec<Section> {
    page.split("\n## ")
        .skip(1)
        .map(|text| {
            let (title, body) = text.split_once('\n').unwrap_or((text, ""));
            Section {
                title: title.trim().to_owned(),
                body: body.trim().to_owned(),
            }
        })
        .collect()
}

/// Behind the last section that comes before `title` in `order`.
fn place(sections: &[Section], title: &str, order: &[&str]) -> usize {
    let before = order.iter().take_while(|known| **known != title);
    let places = before.filter_map(|known| sections.iter().position(|s| s.title == *known));
    places.max().map_or(0, |at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::{Section, with};

    fn check(page: &str, title: &str, expected: &[&str]) {
        let section = Section {
            title: title.to_owned(),
            body: "new".to_owned(),
        };
        let page = with(page, vec![section], &["a", "b", "c", "d"]);
        let mut found = Vec::new();
        for section in page.split("\n## ").skip(1) {
            found.push(section.trim().replace("\n\n", ": "));
        }
        assert_eq!(found, expected, "{page}");
    }

    #[test]
    fn a_section_replaces_its_own_and_no_other() {
        let page = "# Benchmarks\n\nHead.\n\n## a\n\n1\n\n## b\n\n2\n\n## else\n\n3\n";
        check(page, "b", &["a: 1", "b: new", "else: 3"]);
        check(page, "a", &["a: new", "b: 2", "else: 3"]);
    }

    #[test]
    fn a_new_section_stands_where_it_belongs() {
        let page = "# Benchmarks\n\n## a\n\n1\n\n## d\n\n4\n";
        check(page, "c", &["a: 1", "c: new", "d: 4"]);
        check("", "c", &["c: new"]);
        check("## not at the start", "a", &["a: new"]);
    }

    #[test]
    fn writing_twice_changes_nothing_more() {
        let once = with("\n## a\n\n1\n", vec![], &[]);
        assert_eq!(with(&once, vec![], &[]), once);
    }
}
