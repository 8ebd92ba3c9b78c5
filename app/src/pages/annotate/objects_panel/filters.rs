//! What narrows the list of objects, and with it what is drawn.

mod author;

use crate::components::{SelectField, TextInput};
use crate::pages::annotate::desk::Desk;
use crate::pages::annotate::names::kind_name;
use crate::pages::annotate::objects::filter::Filter;
use crate::t;
use author::AuthorFilter;
use visionflow_model::{
    Attribute, AttributeId, AttributeKind, AttributeValue, Ontology, ShapeKind, Source,
};
use yew::prelude::*;

type Options = Vec<(AttrValue, AttrValue)>;

#[derive(Properties, PartialEq)]
pub struct FiltersProps {
    pub desk: Desk,
    /// Which annotations the choices are of.
    pub version: u32,
}

#[component]
pub fn Filters(props: &FiltersProps) -> Html {
    let desk = &props.desk;
    let objects = desk.objects.borrow();
    let filter = objects.filter().clone();
    let labels = desk
        .ontology
        .labels
        .iter()
        .filter(|label| objects.count(label.id) > 0);
    let labels = labels.map(|label| {
        (
            label.id.to_string(),
            counted(&label.name, objects.count(label.id)),
        )
    });
    let kinds = objects.kinds();
    let kinds = kinds
        .iter()
        .map(|(kind, n)| (kind.name().to_owned(), counted(&kind_name(*kind), *n)));
    let sources = objects.sources();
    let sources = sources
        .iter()
        .map(|(name, n)| (name.clone(), counted(&source_name(name), *n)));
    let value_of = |set: Option<String>| set.unwrap_or_default();
    html! {
        <div class="filters" role="group" aria-label={t!("objects-filter")}>
            <Search desk={desk.clone()} />
            { select(desk, t!("selection-label"), t!("objects-all-labels"), labels, value_of(filter.label.map(|id| id.to_string())),
                |filter, value| filter.label = value.parse().ok()) }
            { select(desk, t!("filter-kind"), t!("filter-all-kinds"), kinds, value_of(filter.kind.map(|kind| kind.name().to_owned())),
                |filter, value| filter.kind = ShapeKind::from_name(value)) }
            if sources.len() > 1 || filter.source.is_some() {
                { select(desk, t!("filter-source"), t!("filter-all-sources"), sources, value_of(filter.source.as_ref().map(Source::name)),
                    |filter, value| filter.source = Source::from_name(value)) }
            }
            <AuthorFilter desk={desk.clone()} author={filter.author.clone()} />
            { attribute(desk, &filter) }
        </div>
    }
}

fn counted(name: &str, count: usize) -> String {
    format!("{name} · {count}")
}

pub fn source_name(name: &str) -> String {
    match Source::from_name(name) {
        Some(Source::Manual) => t!("source-manual"),
        Some(Source::Import) => t!("source-import"),
        Some(Source::Model(model)) => t!("source-model", name = model.to_string()),
        None => name.to_owned(),
    }
}

/// One choice; the first option takes it back.
fn select(
    desk: &Desk,
    label: String,
    all: String,
    options: impl Iterator<Item = (String, String)>,
    value: String,
    change: fn(&mut Filter, &str),
) -> Html {
    let none = (AttrValue::Static(""), AttrValue::from(all));
    let options: Options = std::iter::once(none)
        .chain(options.map(|(id, name)| (id.into(), name.into())))
        .collect();
    let onchange = {
        let desk = desk.clone();
        Callback::from(move |value: String| desk.refilter(|filter| change(filter, &value)))
    };
    html! { <SelectField {label} {value} {options} {onchange} /> }
}

/// Which attribute is set, and to what.
fn attribute(desk: &Desk, filter: &Filter) -> Html {
    let attributes: Vec<&Attribute> = all_attributes(&desk.ontology).collect();
    if attributes.is_empty() {
        return html! {};
    }
    let chosen = filter.attribute.as_ref().map(|(id, _)| *id);
    let attribute = attributes
        .iter()
        .find(|attribute| Some(attribute.id) == chosen);
    let names = attributes
        .iter()
        .map(|a| (a.id.to_string(), a.name.clone()));
    let value = chosen.map(|id| id.to_string()).unwrap_or_default();
    html! {
        <>
            { select(desk, t!("filter-attribute"), t!("filter-all-attributes"), names, value, |filter, value| {
                filter.attribute = value.parse::<AttributeId>().ok().map(|id| (id, None));
            }) }
            if let Some(attribute) = attribute { { attribute_value(desk, attribute, filter) } }
        </>
    }
}

fn all_attributes(ontology: &Ontology) -> impl Iterator<Item = &Attribute> {
    ontology.labels.iter().flat_map(|label| &label.attributes)
}

fn attribute_value(desk: &Desk, attribute: &Attribute, filter: &Filter) -> Html {
    let id = attribute.id;
    let wanted = filter
        .attribute
        .as_ref()
        .and_then(|(_, value)| value.clone());
    let set = {
        let desk = desk.clone();
        Callback::from(move |value: Option<AttributeValue>| {
            desk.refilter(|filter| filter.attribute = Some((id, value)));
        })
    };
    let text = match &wanted {
        None => String::new(),
        Some(AttributeValue::Text(text)) => text.clone(),
        Some(AttributeValue::Number(number)) => number.to_string(),
        Some(AttributeValue::Bool(on)) => on.to_string(),
    };
    let any = (
        AttrValue::Static(""),
        AttrValue::from(t!("filter-any-value")),
    );
    let choices = |options: Vec<(String, String)>, read: fn(String) -> AttributeValue| {
        let options: Options = std::iter::once(any.clone())
            .chain(
                options
                    .into_iter()
                    .map(|(id, name)| (id.into(), name.into())),
            )
            .collect();
        let onchange = set.reform(move |value: String| (!value.is_empty()).then(|| read(value)));
        html! { <SelectField label={t!("filter-value")} value={text.clone()} {options} {onchange} /> }
    };
    match &attribute.kind {
        AttributeKind::Select { options } => {
            let options = options
                .iter()
                .map(|option| (option.clone(), option.clone()))
                .collect();
            choices(options, AttributeValue::Text)
        }
        AttributeKind::Checkbox => {
            let options = vec![
                ("true".to_owned(), t!("value-yes")),
                ("false".to_owned(), t!("value-no")),
            ];
            choices(options, |value| AttributeValue::Bool(value == "true"))
        }
        AttributeKind::Number => {
            let onchange =
                set.reform(|value: String| value.trim().parse().ok().map(AttributeValue::Number));
            html! { <TextInput label={t!("filter-value")} kind="number" placeholder={t!("filter-any-value")} value={text} {onchange} /> }
        }
        AttributeKind::Text => {
            let onchange = set
                .reform(|value: String| (!value.is_empty()).then_some(AttributeValue::Text(value)));
            html! { <TextInput label={t!("filter-value")} placeholder={t!("filter-any-value")} value={text} {onchange} /> }
        }
    }
}

#[derive(Properties, PartialEq)]
struct SearchProps {
    desk: Desk,
}

/// The field that narrows the list by words.
#[component]
fn Search(props: &SearchProps) -> Html {
    let text = use_state_eq(|| props.desk.objects.borrow().filter().text.clone());
    {
        // The list is looked through when the typing pauses.
        let desk = props.desk.clone();
        use_effect_with((*text).clone(), move |text| {
            let wanted = text.trim().to_lowercase();
            let differs = desk.objects.borrow().filter().text != wanted;
            let pause = differs.then(|| {
                gloo::timers::callback::Timeout::new(120, move || {
                    desk.refilter(|filter| filter.text = wanted);
                })
            });
            move || drop(pause)
        });
    }
    let oninput = {
        let text = text.setter();
        Callback::from(move |value| text.set(value))
    };
    html! { <TextInput kind="search" label={t!("objects-search")} placeholder={t!("objects-search")} value={(*text).clone()} {oninput} /> }
}
