//! A part of the right panel that folds.

use crate::browser;
use crate::components::icon;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct SectionProps {
    /// Remembers whether it is folded.
    pub id: &'static str,
    pub title: AttrValue,
    #[prop_or_default]
    pub count: Option<usize>,
    /// Beside the title.
    #[prop_or_default]
    pub extra: Html,
    /// Takes the height that is left.
    #[prop_or_default]
    pub fills: bool,
    pub children: Html,
}

#[component]
pub fn Section(props: &SectionProps) -> Html {
    let key = format!("visionflow.section.{}", props.id);
    let open = use_state_eq(|| browser::stored(&key).as_deref() != Some("closed"));
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| {
            browser::store(&key, if *open { "closed" } else { "open" });
            open.set(!*open);
        })
    };
    let class = classes!("section", (props.fills && *open).then_some("section-fills"));
    html! {
        <section {class} aria-label={&props.title}>
            <header class="section-bar">
                <h2>
                    <button type="button" class="section-toggle" aria-expanded={if *open { "true" } else { "false" }} onclick={toggle}>
                        if *open { { icon::CHEVRON_DOWN.html() } } else { { icon::CHEVRON_RIGHT.html() } }
                        <span>{ &props.title }</span>
                        if let Some(count) = props.count { <span class="count" aria-hidden="true">{ count }</span> }
                    </button>
                </h2>
                { props.extra.clone() }
            </header>
            if *open { <div class="section-content">{ props.children.clone() }</div> }
        </section>
    }
}
