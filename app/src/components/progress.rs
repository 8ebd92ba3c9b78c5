//! A progress bar; without a value it only says that work goes on.

use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct ProgressBarProps {
    pub label: AttrValue,
    #[prop_or_default]
    pub value: Option<f64>,
    #[prop_or_default]
    pub failed: bool,
}

/// `value` from 0 to 1.
#[component]
pub fn ProgressBar(props: &ProgressBarProps) -> Html {
    let label = &props.label;
    let value = props.value;
    let failed = props.failed;
    let percent = value.map(|v| (v.clamp(0.0, 1.0) * 100.0).round());
    let class = classes!(
        "progress",
        failed.then_some("progress-failed"),
        percent.is_none().then_some("progress-unknown")
    );
    let style = percent.map(|p| format!("width:{p}%"));
    html! {
        <div {class} role="progressbar" aria-label={label.clone()} aria-valuemin="0" aria-valuemax="100"
            aria-valuenow={percent.map(|p| p.to_string())}>
            <span {style} />
        </div>
    }
}
