//! What Ultralytics writes beside its graphs: Python's own notation, read as data and never run.
//!
//! `names` is `{0: 'person', 1: 'bicycle'}`, `imgsz` is `[640, 640]`, `kpt_shape` is `[17, 3]`.

/// No more classes are read than this; ImageNet-21k has 21,843.
pub(crate) const MAX_CLASSES: usize = 32_768;

/// A dictionary of numbers to texts, or a list of texts; `None` where it is neither. Classes that are
/// left out are called `class 7`.
pub fn class_names(text: &str) -> Option<Vec<String>> {
    let mut reader = Reader { rest: text.trim() };
    let mut names: Vec<Option<String>> = Vec::new();
    let (is_dictionary, end) = if reader.eat("{") {
        (true, "}")
    } else if reader.eat("[") {
        (false, "]")
    } else {
        return None;
    };
    while !reader.eat(end) {
        let at = if is_dictionary {
            let at = reader.key()?;
            if !reader.eat(":") {
                return None;
            }
            at
        } else {
            names.len()
        };
        if at >= MAX_CLASSES {
            return None;
        }
        if names.len() <= at {
            names.resize(at + 1, None);
        }
        names[at] = Some(reader.text()?);
        if !reader.eat(",") {
            if !reader.eat(end) {
                return None;
            }
            break;
        }
    }
    let named = names.into_iter().enumerate();
    Some(
        named
            .map(|(i, name)| name.unwrap_or_else(|| unnamed(i)))
            .collect(),
    )
}

/// What a class without a name is called.
pub(crate) fn unnamed(index: usize) -> String {
    format!("class {index}")
}

/// A list of numbers in brackets, or a number alone (which counts for both sides); no more than
/// eight.
pub fn numbers(text: &str) -> Option<Vec<usize>> {
    let text = text.trim();
    let inner = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'))
        .or_else(|| {
            text.strip_prefix('(')
                .and_then(|text| text.strip_suffix(')'))
        })
        .unwrap_or(text);
    let parts = inner
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty());
    let numbers: Option<Vec<usize>> = parts.take(9).map(|part| part.parse().ok()).collect();
    numbers.filter(|numbers| (1..=8).contains(&numbers.len()))
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn eat(&mut self, token: &str) -> bool {
        let rest = self.rest.trim_start();
        let Some(after) = rest.strip_prefix(token) else {
            return false;
        };
        self.rest = after;
        true
    }

    /// A number, in quotes or not.
    fn key(&mut self) -> Option<usize> {
        let rest = self.rest.trim_start();
        if rest.starts_with(['"', '\'']) {
            return self.text()?.parse().ok();
        }
        let end = rest.find(|c: char| !c.is_ascii_digit())?;
        let (digits, after) = rest.split_at(end);
        self.rest = after;
        digits.parse().ok()
    }

    /// A text in single or double quotes, with Python's simple escapes.
    fn text(&mut self) -> Option<String> {
        let rest = self.rest.trim_start();
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let mut text = String::new();
        let mut letters = rest.char_indices().skip(1);
        while let Some((at, letter)) = letters.next() {
            match letter {
                '\\' => text.push(match letters.next()?.1 {
                    'n' => '\n',
                    't' => '\t',
                    other => other,
                }),
                _ if letter == quote => {
                    self.rest = &rest[at + 1..];
                    return Some(text);
                }
                _ => text.push(letter),
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_in_pythons_notation() {
        let check = |text: &str, expected: &[&str]| {
            let names = class_names(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(names, expected, "{text}");
        };
        check("{0: 'person', 1: 'bicycle'}", &["person", "bicycle"]);
        check(
            r#"{1: "driver's seat", 0: 'a\'b'}"#,
            &["a'b", "driver's seat"],
        );
        check(r#"{"0": "cat", "2": "dog",}"#, &["cat", "class 1", "dog"]);
        check("['cat', 'Hündin']", &["cat", "Hündin"]);
        check("{}", &[]);
    }

    #[test]
    fn what_is_no_list_of_names_is_left_alone() {
        for text in [
            "",
            "{",
            "{0}",
            "{0: }",
            "{0: 'cat'",
            "{0: 'cat' 1: 'dog'}",
            "{99999999999: 'x'}",
            "{40000: 'x'}",
            "__import__('os').system('true')",
            r"['a\",
        ] {
            assert_eq!(class_names(text), None, "{text}");
        }
    }

    #[test]
    fn sizes_are_lists_or_numbers() {
        assert_eq!(numbers("[640, 480]"), Some(vec![640, 480]));
        assert_eq!(numbers("(17, 3)"), Some(vec![17, 3]));
        assert_eq!(numbers("640"), Some(vec![640]));
        for text in ["", "[]", "[a]", "[-1, 2]", "1,2,3,4,5,6,7,8,9", "1e9"] {
            assert_eq!(numbers(text), None, "{text}");
        }
    }
}
