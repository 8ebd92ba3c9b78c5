//! Measurements as Markdown tables.

use super::contents::{TABLES, Table};
use super::page::Section;
use serde_json::Value;
use std::fmt::Write as _;

/// The titles in the page's order.
pub fn titles() -> Vec<&'static str> {
    TABLES.iter().map(|table| table.title).collect()
}

/// A section for each table that has lines; `machine` says what they were measured on.
pub fn sections(lines: &[Value], machine: &str) -> Vec<Section> {
    let filled = TABLES.iter().filter_map(|table| {
        let rows: Vec<_> = lines.iter().filter(|l| belongs(l, table.of)).collect();
        (!rows.is_empty()).then(|| Section {
            title: table.title.to_owned(),
            body: format!("{}\n\n{machine}\n\n{}", table.text, markdown(table, &rows)),
        })
    });
    filled.collect()
}

fn markdown(table: &Table, rows: &[&Value]) -> String {
    let headings: Vec<_> = table.columns.iter().map(|(heading, ..)| *heading).collect();
    let mut text = format!(
        "| {} |\n|{}",
        headings.join(" | "),
        "---|".repeat(headings.len())
    );
    for row in rows {
        text.push_str("\n|");
        for (_, field, divisor) in table.columns {
            // Writing to a String cannot fail.
            let _ = write!(text, " {} |", cell(row, field, *divisor));
        }
    }
    text
}

fn belongs(line: &Value, of: &[(&str, &str)]) -> bool {
    of.iter().all(|(field, value)| line[*field] == *value)
}

/// A field by its path, as text or as a number with three significant digits.
fn cell(row: &Value, path: &str, divisor: f64) -> String {
    let value = path.split('.').fold(row, |value, name| &value[name]);
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => digits(number.as_f64().unwrap_or(f64::NAN) / divisor),
        _ => "–".into(),
    }
}

fn digits(number: f64) -> String {
    match number.abs() {
        size if size >= 100.0 || number.fract() == 0.0 => format!("{number:.0}"),
        size if size >= 10.0 => format!("{number:.1}"),
        _ => format!("{number:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{cell, sections};
    use serde_json::json;

    fn check(field: &str, divisor: f64, expected: &str) {
        let row = json!({"name": "ours", "ms": 12.345, "work": {"p50": 0.5}, "count": 100_000});
        assert_eq!(cell(&row, field, divisor), expected);
    }

    #[test]
    fn cells() {
        check("name", 0.0, "ours");
        check("ms", 1.0, "12.3");
        check("ms", 1000.0, "0.01");
        check("work.p50", 1.0, "0.50");
        check("count", 1.0, "100000");
        check("missing", 1.0, "–");
    }

    #[test]
    fn only_what_was_measured_is_a_section() {
        let line = json!({"bench": "api", "request": "GET x", "p50_ms": 3});
        let sections = sections(&[line], "A machine.");
        let [section] = sections.as_slice() else {
            panic!("{} sections", sections.len());
        };
        assert_eq!(section.title, "HTTP API");
        let body = &section.body;
        assert!(
            body.contains("A machine.") && body.contains("| GET x | – | 3 |"),
            "{body}"
        );
    }
}
