//! What became of what a model proposed, in all and for each label.

use crate::components::{ErrorState, Spinner};
use crate::resource::Load;
use crate::t;
use serde_json::Value;
use std::rc::Rc;
use visionflow_model::{LabelId, Ontology};
use yew::prelude::*;

/// The columns, as the server names them.
const COUNTS: [(&str, &str); 6] = [
    ("suggested", "acceptance-suggested"),
    ("accepted", "acceptance-accepted"),
    ("corrected", "acceptance-corrected"),
    ("rejected", "acceptance-rejected"),
    ("superseded", "acceptance-superseded"),
    ("pending", "acceptance-pending"),
];

/// How good people find a model, in a few words.
pub fn rate_words(acceptance: &Value) -> String {
    let all = &acceptance["total"];
    let suggested = all["suggested"].as_i64().unwrap_or_default();
    match all["rate"].as_f64() {
        Some(rate) => t!(
            "acceptance-rate",
            percent = (rate * 100.0).round() as i64,
            n = suggested
        ),
        None if suggested > 0 => t!("acceptance-none-decided", n = suggested),
        None => t!("acceptance-none"),
    }
}

#[derive(Properties, PartialEq)]
pub struct AcceptanceProps {
    pub load: Rc<Load<Value>>,
    pub ontology: Ontology,
}

#[component]
pub fn Acceptance(props: &AcceptanceProps) -> Html {
    let acceptance = match &*props.load {
        Load::Loading => return html! { <Spinner label={t!("loading")} /> },
        Load::Failed(error) => return html! { <ErrorState error={error.clone()} /> },
        Load::Ready(acceptance) => acceptance,
    };
    let labels = acceptance["labels"].as_array().into_iter().flatten();
    let name = |row: &Value| {
        let id = row["label_id"].as_str().and_then(|id| id.parse().ok());
        let label = id.and_then(|id| props.ontology.label(LabelId(id)));
        label.map_or_else(|| t!("label-unknown"), |label| label.name.clone())
    };
    html! {
        <div class="model-part">
            <table class="table">
                <thead><tr>
                    <th scope="col">{ t!("selection-label") }</th>
                    { for COUNTS.iter().map(|(_, words)| html! { <th scope="col">{ t!(words) }</th> }) }
                    <th scope="col">{ t!("acceptance-share") }</th>
                </tr></thead>
                <tbody>
                    { for labels.map(|row| counts(name(row), row)) }
                    { counts(t!("acceptance-all"), &acceptance["total"]) }
                </tbody>
            </table>
            <p class="field-note">{ t!("acceptance-why") }</p>
        </div>
    }
}

fn counts(name: String, row: &Value) -> Html {
    let rate = row["rate"].as_f64();
    let rate = rate.map_or_else(
        || "–".to_owned(),
        |rate| t!("percent", n = (rate * 100.0).round() as i64),
    );
    html! {
        <tr>
            <th scope="row">{ name }</th>
            { for COUNTS.iter().map(|(key, _)| html! { <td>{ row[*key].as_i64().unwrap_or_default() }</td> }) }
            <td>{ rate }</td>
        </tr>
    }
}
