//! The editor of a class map: each class of the model and the label that it becomes.

use crate::components::virtual_list::VirtualList;
use crate::components::{Button, SelectField};
use crate::models::classes::Target;
use crate::t;
use std::rc::Rc;
use visionflow_model::{LabelId, Ontology};
use yew::prelude::*;

const ROW: f64 = 34.0;
/// So many rows are seen at once.
const SHOWN: usize = 9;

#[derive(Properties, PartialEq)]
pub struct ClassMapProps {
    pub classes: Rc<Vec<String>>,
    pub targets: Vec<Target>,
    pub ontology: Ontology,
    pub can_edit: bool,
    pub onchange: Callback<Vec<Target>>,
}

#[component]
pub fn ClassMapEditor(props: &ClassMapProps) -> Html {
    let ignored = props
        .targets
        .iter()
        .filter(|t| **t == Target::Ignore)
        .count();
    let labels: Rc<Vec<(AttrValue, AttrValue)>> = use_memo(props.ontology.clone(), |ontology| {
        let option = |label: &visionflow_model::Label| {
            (label.id.to_string().into(), label.name.clone().into())
        };
        ontology.active().map(option).collect()
    });
    let create_all = {
        let (targets, onchange) = (props.targets.clone(), props.onchange.clone());
        Callback::from(move |_: MouseEvent| {
            let created = targets.iter().map(|target| match target {
                Target::Ignore => Target::Create,
                target => *target,
            });
            onchange.emit(created.collect());
        })
    };
    let render = {
        let (classes, targets, onchange) = (
            props.classes.clone(),
            props.targets.clone(),
            props.onchange.clone(),
        );
        let can_edit = props.can_edit;
        Callback::from(move |class: usize| {
            let (Some(name), Some(target)) = (classes.get(class), targets.get(class)) else {
                return html! {};
            };
            let (targets, onchange) = (targets.clone(), onchange.clone());
            let onchange = Callback::from(move |value: String| {
                let mut targets = targets.clone();
                targets[class] = target_of(&value);
                onchange.emit(targets);
            });
            html! { { row(name, *target, &labels, can_edit, onchange) } }
        })
    };
    let count = props.classes.len();
    let height = count.min(SHOWN) as f64 * ROW;
    html! {
        <div class="class-map">
            <div class="class-map-head">
                <span class="field-label grow">{ t!("classes-mapped", n = (count - ignored) as i64, of = count as i64) }</span>
                if ignored > 0 && props.can_edit {
                    <Button label={t!("classes-create", n = ignored as i64)} small=true onclick={create_all} />
                }
            </div>
            <div class="class-rows" style={format!("height:{height}px")}>
                <VirtualList label={t!("classes-title")} {count} row={ROW} {render} />
            </div>
        </div>
    }
}

const CREATE: &str = "create";

fn target_of(value: &str) -> Target {
    match value.parse() {
        Ok(id) => Target::Label(LabelId(id)),
        Err(_) if value == CREATE => Target::Create,
        Err(_) => Target::Ignore,
    }
}

fn row(
    name: &str,
    target: Target,
    labels: &[(AttrValue, AttrValue)],
    can_edit: bool,
    onchange: Callback<String>,
) -> Html {
    let value = match target {
        Target::Label(id) => id.to_string(),
        Target::Create => CREATE.to_owned(),
        Target::Ignore => String::new(),
    };
    let mut options = vec![
        (AttrValue::default(), t!("class-ignore").into()),
        (
            CREATE.into(),
            t!("class-create", name = name.to_owned()).into(),
        ),
    ];
    options.extend_from_slice(labels);
    html! {
        <div class="class-row">
            <span class="ellipsis grow" title={name.to_owned()}>{ name }</span>
            <SelectField label={t!("class-label-of", name = name.to_owned())} {value} {options} {onchange} disabled={!can_edit} />
        </div>
    }
}
