//! What came out when a model was run once.

use crate::components::icon;
use crate::models::{task_name, text, texts};
use crate::t;
use crate::time_words::size;
use serde_json::Value;
use yew::prelude::*;

/// The report as a verdict and a table of facts; what failed is said where it did.
pub fn report_html(report: &Value) -> Html {
    let is_good = report["ok"].as_bool() == Some(true);
    let message = text(report, "message");
    let verdict = if is_good {
        let seconds = report["seconds"].as_f64().unwrap_or_default();
        t!("report-good", n = format!("{seconds:.2}"))
    } else if message.is_empty() {
        t!("report-bad")
    } else {
        t!("report-refused", why = message.to_owned())
    };
    let classes = texts(&report["spec"], "classes");
    let bytes = report["bytes"].as_array().into_iter().flatten();
    let bytes = bytes.filter_map(Value::as_f64).map(size);
    let facts = [
        ("report-missing", texts(report, "missing").join(", ")),
        ("report-task", task_name(report)),
        ("report-layout", text(report, "layout").to_owned()),
        ("report-inputs", ports(&report["inputs"])),
        ("report-outputs", ports(&report["outputs"])),
        ("report-classes", classes.join(", ")),
        ("report-files", bytes.collect::<Vec<_>>().join(" + ")),
        ("report-operators", texts(report, "operators").join(", ")),
    ];
    html! {
        <div class="report">
            <div class={classes!("banner", if is_good { "banner-good" } else { "banner-bad" })} role={if is_good { "status" } else { "alert" }}>
                { if is_good { icon::CIRCLE_CHECK } else { icon::CIRCLE_ALERT }.html() }<span class="grow">{ verdict }</span>
            </div>
            <dl>
                { for facts.into_iter().filter(|(_, value)| !value.is_empty()).map(|(key, value)| html! {
                    <><dt>{ t!(key) }</dt><dd class={(key == "report-missing").then_some("bad")}>{ value }</dd></>
                }) }
            </dl>
        </div>
    }
}

/// “images f32 1×3×640×640, …”
fn ports(ports: &Value) -> String {
    let port = |port: &Value| {
        let sides = port["shape"].as_array().into_iter().flatten();
        let side = |side: &Value| {
            side.as_str()
                .map_or_else(|| side.to_string(), str::to_owned)
        };
        let shape = sides.map(side).collect::<Vec<_>>().join("×");
        format!("{} {} {shape}", text(port, "name"), text(port, "type"))
    };
    let ports = ports.as_array().into_iter().flatten();
    ports.map(port).collect::<Vec<_>>().join(", ")
}
