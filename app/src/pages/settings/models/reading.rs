//! How a file is read, where it can be read in more than one way: as tags or as a vector, from one
//! output or another.

use crate::components::SelectField;
use crate::models::{text, texts};
use crate::t;
use serde_json::Value;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct ReadingFieldProps {
    /// What the inspection has found.
    pub report: Value,
    /// Told the specification that is to be tried instead.
    pub onchange: Callback<Value>,
}

/// The reading that was tried and the others; nothing where there is only one.
#[component]
pub fn ReadingField(props: &ReadingFieldProps) -> Html {
    let specs = readings(&props.report);
    if specs.len() < 2 {
        return html! {};
    }
    let options = specs
        .iter()
        .enumerate()
        .map(|(at, spec)| (at.to_string().into(), words(spec).into()));
    let options: Vec<(AttrValue, AttrValue)> = options.collect();
    let onchange = {
        let onchange = props.onchange.clone();
        Callback::from(move |at: String| {
            let spec = at.parse().ok().and_then(|at: usize| specs.get(at));
            if let Some(spec) = spec {
                onchange.emit(spec.clone());
            }
        })
    };
    html! {
        <div class="field">
            <SelectField label={t!("report-reading")} value="0" {options} {onchange} labelled=true />
            <span class="field-note">{ t!("report-reading-why") }</span>
        </div>
    }
}

/// The one that was tried comes first.
fn readings(report: &Value) -> Vec<Value> {
    let others = report["alternatives"].as_array().into_iter().flatten();
    let tried = Some(&report["spec"]).filter(|spec| spec.is_object());
    tried.into_iter().chain(others).cloned().collect()
}

fn words(spec: &Value) -> String {
    let outputs = texts(spec, "outputs").join(", ");
    t!(
        "report-reading-of",
        layout = text(spec, "layout").to_owned(),
        outputs = outputs
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_was_tried_stands_before_the_others() {
        let [tried, other] =
            ["classifier", "embedder"].map(|layout| json!({ "layout": layout, "outputs": ["a"] }));
        let report = json!({ "ok": true, "spec": tried, "alternatives": [other] });
        assert_eq!(readings(&report), [tried, other]);
        assert_eq!(
            readings(&json!({ "ok": false, "spec": null })),
            [Value::Null; 0]
        );
    }
}
