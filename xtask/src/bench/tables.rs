//! Measurements as Markdown tables.

use super::page::Section;
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

const TABLES: [Table; 10] = [
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
        text: "Main-thread milliseconds, the median of each gesture with all shapes in view; polygons have 20 vertices. A gesture lasts 5 seconds at most and has two frames at least, so what is slow is measured with fewer; a page that takes longer than 300 seconds is stopped, which its note says. Ours and PixiJS are measured in turns, three times up to 10,000 shapes. Each library is used as its own notes on speed say (`bench/canvas/`): Konva with neither perfect drawing nor a hit canvas while the picture moves, Fabric without object caches and with what is off the screen skipped, PixiJS as one render group with shared contexts for boxes; Konva and PixiJS cull nothing, and all of it is in view. Everything begins with an empty canvas that was drawn once. Loading is from a flat list of numbers to the first drawn frame; ours writes every shape into the shared document. A click finds, selects and draws; hits are clicks whose selection lies under the pointer, for shapes overlap. Konva’s first click after a move paints its hit canvas. A drag picks the topmost shape up, moves it, drops it, and takes that back; where a library has no undo it is put back. The interval between frames is the software renderer’s as much as the library’s. Memory is that of the page’s process and of the one that draws, after a garbage collection.",
        of: &[("bench", "canvas"), ("part", "shapes")],
        columns: &[
            ("shapes", "count", 1.0),
            ("kind", "kind", 0.0),
            ("library", "library", 0.0),
            ("drawn by", "backend", 0.0),
            ("load, ms", "load_ms", 1.0),
            ("pan", "pan.p50", 1.0),
            ("frames", "pan.samples", 1.0),
            ("zoom", "zoom.p50", 1.0),
            ("click", "click.p50", 1.0),
            ("p95", "click.p95", 1.0),
            ("hits, %", "clicks_hit", 0.01),
            ("pick up", "grab.p50", 1.0),
            ("drag, a move", "drag_move.p50", 1.0),
            ("drop", "drop.p50", 1.0),
            ("undo", "undo.p50", 1.0),
            ("interval p50, ms", "frame.p50", 1.0),
            ("page, MB", "page_rss_bytes", 1e6),
            ("GPU process, MB", "gpu_rss_bytes", 1e6),
            ("note", "note", 0.0),
        ],
    },
    Table {
        title: "Growth of a frame",
        text: "The same 576 boxes in view (ten have all ten), whatever lies around them; main-thread milliseconds. The pan leaves what was prepared around the view again and again; its factor is against 10,000 boxes, and may be 1.5. A click hits when what it selects is the very box that lies there. “Whole” is the first frame that shows all of them, and panning over that.",
        of: &[("bench", "canvas"), ("part", "growth")],
        columns: &[
            ("boxes", "count", 1.0),
            ("drawn by", "backend", 0.0),
            ("load, ms", "load_ms", 1.0),
            ("pan p50", "pan.p50", 1.0),
            ("p95", "pan.p95", 1.0),
            ("max", "pan.max", 1.0),
            ("factor", "pan_factor", 1.0),
            ("click p50", "click.p50", 1.0),
            ("p95", "click.p95", 1.0),
            ("hits, %", "clicks_hit", 0.01),
            ("pick up", "grab.p50", 1.0),
            ("drag, a move", "drag_move.p50", 1.0),
            ("drop", "drop.p50", 1.0),
            ("undo", "undo.p50", 1.0),
            ("whole, first frame", "whole_ms", 1.0),
            ("whole, pan p50", "whole_pan.p50", 1.0),
            ("engine’s memory, MB", "memory_bytes", 1e6),
            ("note", "note", 0.0),
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
        title: "Photographs of any size",
        text: "In a view of 1280 × 720: until the first pixels, until the whole view is sharp, and what was sent for it. The budget for tiles on the GPU is 224 MB; the coarse levels that the worker keeps take at most 144 MB. The decoder is the worker’s WebAssembly memory at the end; the processes’ figures are by how much they were larger at the most, with everything the browser has not collected yet.",
        of: &[("bench", "images")],
        columns: &[
            ("source", "source", 0.0),
            ("size", "size", 0.0),
            ("file, MB", "file_bytes", 1e6),
            ("first pixels, ms", "first_ms", 1.0),
            ("whole view, ms", "complete_ms", 1.0),
            ("sent, MB", "sent_bytes", 1e6),
            ("tiles on the GPU, MB", "tile_bytes", 1e6),
            ("decoder, MB", "decoder_bytes", 1e6),
            ("page’s process, MB", "renderer_bytes", 1e6),
            ("GPU process, MB", "gpu_bytes", 1e6),
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
    Table {
        title: "Segment Anything in the browser",
        text: "MobileSAM in a worker, the same models for all, in turns, of which the shortest counts; ours on one thread. Encoding is done once for a photograph, its CPU time is what all threads of the page spent; a prompt is one click, and ours includes the way from mask to polygon. Memory is WebAssembly's, once the models are loaded and at the end.",
        of: &[("bench", "infer")],
        columns: &[
            ("runner", "runner", 0.0),
            ("load, ms", "load_ms", 1.0),
            ("encode, ms", "encode_ms", 1.0),
            ("encode, CPU ms", "encode_cpu_ms", 1.0),
            ("prompt, ms", "decode_ms", 1.0),
            ("loaded, MB", "loaded_mb", 1.0),
            ("memory, MB", "memory_mb", 1.0),
        ],
    },
];

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
