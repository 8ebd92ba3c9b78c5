//! Measurements as Markdown tables.

use serde_json::Value;
use std::fmt::Write as _;

/// A column: its heading, the field it shows, and by how much that is divided.
type Column = (&'static str, &'static str, f64);

struct Table {
    title: &'static str,
    text: &'static str,
    /// Which lines belong to it: fields and the values they must have.
    of: &'static [(&'static str, &'static str)],
    columns: &'static [Column],
}

const TABLES: [Table; 8] = [
    Table {
        title: "Relay: presence",
        text: "50 clients in one room, each sends 20 updates a second to the 49 others for 8 seconds.",
        of: &[("bench", "relay"), ("mode", "awareness")],
        columns: &[
            ("server", "server", 0.0),
            ("p50, ms", "p50_ms", 1.0),
            ("p95, ms", "p95_ms", 1.0),
            ("p99, ms", "p99_ms", 1.0),
            ("positions delivered a second", "delivered_per_s", 1.0),
            // Per cent of one core over the 8 seconds.
            ("server CPU, s", "server_cpu_pct", 12.5),
            ("server CPU a delivery, µs", "server_us_per_delivery", 1.0),
            ("memory, MB", "server_rss_mb", 1.0),
        ],
    },
    Table {
        title: "Relay: document updates",
        text: "One client writes 2,000 updates back to back, 49 read them; ours are in Postgres before anyone sees them, the peers’ are in memory only.",
        of: &[("bench", "relay"), ("mode", "update")],
        columns: &[
            ("server", "server", 0.0),
            ("deliveries a second", "deliveries_per_s", 1.0),
            ("server CPU, s", "server_cpu_ms", 1000.0),
            ("memory, MB", "server_rss_mb", 1.0),
        ],
    },
    Table {
        title: "HTTP API",
        text: "200 connections, each sends its next request when the last is answered; the load generator shares the machine’s cores.",
        of: &[("bench", "api")],
        columns: &[
            ("request", "request", 0.0),
            ("requests a second", "requests_per_s", 1.0),
            ("p50, ms", "p50_ms", 1.0),
            ("p95, ms", "p95_ms", 1.0),
            ("p99, ms", "p99_ms", 1.0),
            ("failed", "failed", 1.0),
            (
                "CPU a request of server and Postgres, ms",
                "server_cpu_ms",
                1.0,
            ),
        ],
    },
    Table {
        title: "Engine, Konva, Fabric.js and PixiJS",
        text: "Main-thread milliseconds, the median of the frames of each gesture with all shapes in view; polygons have 20 vertices. Each library is used as its own notes on speed say (`bench/canvas/`). Loading ends with the first drawn frame; ours writes every shape into the shared document. A click selects and draws: Konva’s first one after a pan paints its hit canvas. A drag is given as its moves, and as picking up and dropping together. The interval between frames is the software renderer’s as much as the library’s. Memory is that of the page’s process and of the one that draws.",
        of: &[("bench", "canvas"), ("part", "shapes")],
        columns: &[
            ("shapes", "count", 1.0),
            ("kind", "kind", 0.0),
            ("library", "library", 0.0),
            ("drawn by", "backend", 0.0),
            ("load, ms", "load_ms", 1.0),
            ("pan", "pan.p50", 1.0),
            ("zoom", "zoom.p50", 1.0),
            ("click", "click.p50", 1.0),
            ("drag, a move", "drag_move.p50", 1.0),
            ("drag, both ends", "drag_ends_ms", 1.0),
            ("interval p50, ms", "frame.p50", 1.0),
            ("page, MB", "page_rss_bytes", 1e6),
            ("GPU process, MB", "gpu_rss_bytes", 1e6),
        ],
    },
    Table {
        title: "Growth of a frame",
        text: "About 570 boxes in view, whatever lies around them; main-thread milliseconds. The pan leaves what was prepared around the view again and again. “Whole” is the first frame that shows all of them, and panning over that.",
        of: &[("bench", "canvas"), ("part", "growth")],
        columns: &[
            ("boxes", "count", 1.0),
            ("load, ms", "load_ms", 1.0),
            ("pan p50", "pan.p50", 1.0),
            ("p95", "pan.p95", 1.0),
            ("max", "pan.max", 1.0),
            ("click p50", "click.p50", 1.0),
            ("whole, first frame", "whole_ms", 1.0),
            ("whole, pan p50", "whole_pan.p50", 1.0),
            ("engine’s memory, MB", "memory_bytes", 1e6),
        ],
    },
    Table {
        title: "The document of one item",
        text: "A newcomer takes in one update with all shapes: the time until they are in the scene, and the engine’s whole memory before and after.",
        of: &[("bench", "canvas"), ("part", "document")],
        columns: &[
            ("shapes", "count", 1.0),
            ("kind", "kind", 0.0),
            ("update, MB", "update_bytes", 1e6),
            ("load, ms", "update_ms", 1.0),
            ("first frame, ms", "first_draw_ms", 1.0),
            ("memory before, MB", "memory_empty_bytes", 1e6),
            ("memory after, MB", "memory_bytes", 1e6),
        ],
    },
    Table {
        title: "The document alone",
        text: "The memory of one WebAssembly instance that holds nothing but a document of boxes, after it took in one update with all of them (whose bytes are part of the figure), after each box got another geometry in a gesture of its own, and of a newcomer who takes in the result. The budget for 100,000 boxes is 150 MB fresh and 200 MB edited.",
        of: &[("bench", "document")],
        columns: &[
            ("boxes", "boxes", 1.0),
            ("attributes of each", "attributes", 1.0),
            ("state", "state", 0.0),
            ("update, MB", "update_bytes", 1e6),
            ("time, ms", "ms", 1.0),
            ("memory, MB", "memory_bytes", 1e6),
        ],
    },
    Table {
        title: "The npm package",
        text: "What a page fetches of `@visionflow/annotator` and when; over the wire means compressed with brotli at its highest quality, the tarball with gzip by npm. A second annotator shares the module of the first.",
        of: &[("bench", "package")],
        columns: &[
            ("moment", "moment", 0.0),
            ("files", "files", 1.0),
            ("bytes", "bytes", 1.0),
            ("bytes over the wire", "wire", 1.0),
        ],
    },
];

/// The whole page.
pub fn page(machine: &str, lines: &[Value]) -> String {
    let mut page = format!(
        "# Benchmarks\n\nWritten by `cargo xtask bench`, which runs everything below one after another on one machine.\nFigures move with the machine and its load; compare them only within one run.\n\n{machine}\n"
    );
    for table in &TABLES {
        let rows: Vec<&Value> = lines
            .iter()
            .filter(|line| belongs(line, table.of))
            .collect();
        if rows.is_empty() {
            continue;
        }
        // Writing to a String cannot fail.
        let _ = write!(page, "\n## {}\n\n{}\n\n|", table.title, table.text);
        for (heading, ..) in table.columns {
            let _ = write!(page, " {heading} |");
        }
        let _ = writeln!(page, "\n|{}", "---|".repeat(table.columns.len()));
        for row in rows {
            page.push('|');
            for (_, field, divisor) in table.columns {
                let _ = write!(page, " {} |", cell(row, field, *divisor));
            }
            page.push('\n');
        }
    }
    page
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
    use super::{cell, page};
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
    fn a_page_has_only_what_was_measured() {
        let page = page(
            "- a machine",
            &[json!({"bench": "api", "request": "GET x", "p50_ms": 3})],
        );
        assert!(
            page.contains("## HTTP API") && page.contains("| GET x | – | 3 |"),
            "{page}"
        );
        assert!(!page.contains("Konva"), "{page}");
    }
}
