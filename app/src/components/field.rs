//! Form fields: a label, a control, a hint or an error below it.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct FieldProps {
    pub label: AttrValue,
    pub value: AttrValue,
    pub oninput: Callback<String>,
    #[prop_or("text".into())]
    pub kind: AttrValue,
    #[prop_or_default]
    pub placeholder: AttrValue,
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    #[prop_or_default]
    pub error: Option<AttrValue>,
    #[prop_or_default]
    pub autocomplete: Option<AttrValue>,
    #[prop_or_default]
    pub autofocus: bool,
    #[prop_or_default]
    pub required: bool,
    #[prop_or_default]
    pub disabled: bool,
    /// For [`form_value`].
    #[prop_or_default]
    pub name: AttrValue,
}

/// What stands in the field `name` of the form that is being sent. The page's own state may be a
/// moment behind quick fingers; the field is not.
pub fn form_value(event: &SubmitEvent, name: &str) -> String {
    let form = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    let field = form.and_then(|form| {
        form.query_selector(&format!("input[name={name}]"))
            .ok()
            .flatten()
    });
    let field = field.and_then(|field| field.dyn_into::<HtmlInputElement>().ok());
    field.map(|field| field.value()).unwrap_or_default()
}

/// A labelled text field.
#[component]
pub fn Field(props: &FieldProps) -> Html {
    let node = use_node_ref();
    {
        let (node, autofocus) = (node.clone(), props.autofocus);
        use_effect_with((), move |()| {
            if let Some(input) = node.cast::<HtmlInputElement>().filter(|_| autofocus) {
                // Focus may be refused while the page is hidden; then there is nobody to mind.
                let _ = input.focus();
            }
        });
    }
    let oninput = props
        .oninput
        .reform(|event: InputEvent| input_value(&event));
    let note = props.error.as_ref().or(props.hint.as_ref());
    html! {
        <label class={classes!("field", props.error.is_some().then_some("field-invalid"))}>
            <span class="field-label">{ &props.label }</span>
            <input ref={node} class="input" name={&props.name} type={&props.kind} value={&props.value} {oninput}
                placeholder={&props.placeholder} autocomplete={props.autocomplete.clone()}
                autofocus={props.autofocus} required={props.required} disabled={props.disabled} aria-label={&props.label}
                aria-invalid={props.error.is_some().then_some("true")} spellcheck="false" />
            if let Some(note) = note {
                <span class="field-note" role={props.error.is_some().then_some("alert")}>{ note }</span>
            }
        </label>
    }
}

pub fn input_value(event: &InputEvent) -> String {
    event
        .target_dyn_into::<HtmlInputElement>()
        .map(|input| input.value())
        .unwrap_or_default()
}

#[derive(Properties, PartialEq)]
pub struct TextInputProps {
    /// The accessible name; this input has no visible label.
    pub label: AttrValue,
    pub value: AttrValue,
    #[prop_or_default]
    pub oninput: Callback<String>,
    /// When the person is done: Enter or leaving the field.
    #[prop_or_default]
    pub onchange: Callback<String>,
    #[prop_or_default]
    /// With what stands in the field.
    pub onenter: Callback<String>,
    #[prop_or("text".into())]
    pub kind: AttrValue,
    #[prop_or_default]
    pub placeholder: AttrValue,
    #[prop_or_default]
    pub class: Classes,
    #[prop_or_default]
    pub disabled: bool,
    #[prop_or_default]
    pub invalid: bool,
    #[prop_or_default]
    pub maxlength: Option<AttrValue>,
    #[prop_or_default]
    pub node: NodeRef,
}

/// An input without a visible label, for tables and toolbars.
#[component]
pub fn TextInput(props: &TextInputProps) -> Html {
    let oninput = props
        .oninput
        .reform(|event: InputEvent| input_value(&event));
    let onchange = props.onchange.reform(|event: Event| {
        event
            .target_dyn_into::<HtmlInputElement>()
            .map(|input| input.value())
            .unwrap_or_default()
    });
    let onkeydown = {
        let onenter = props.onenter.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" {
                let input = event.target_dyn_into::<HtmlInputElement>();
                onenter.emit(input.map(|input| input.value()).unwrap_or_default());
            }
        })
    };
    html! {
        <input ref={props.node.clone()} class={classes!("input", props.class.clone())} type={&props.kind} value={&props.value}
            {oninput} {onchange} {onkeydown} placeholder={&props.placeholder} aria-label={&props.label}
            disabled={props.disabled} maxlength={props.maxlength.clone()} autocomplete="off" spellcheck="false"
            aria-invalid={props.invalid.then_some("true")} />
    }
}

#[derive(Properties, PartialEq)]
pub struct SelectProps {
    pub label: AttrValue,
    /// The value of the chosen option.
    pub value: AttrValue,
    /// Value and text of each.
    pub options: Vec<(AttrValue, AttrValue)>,
    pub onchange: Callback<String>,
    #[prop_or_default]
    pub disabled: bool,
    /// Whether the label stands above; otherwise it is only spoken.
    #[prop_or_default]
    pub labelled: bool,
}

#[component]
pub fn SelectField(props: &SelectProps) -> Html {
    let onchange = props.onchange.reform(|event: Event| {
        let select = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlSelectElement>().ok());
        select.map(|select| select.value()).unwrap_or_default()
    });
    let select = html! {
        <select class="input select" aria-label={&props.label} {onchange} disabled={props.disabled}>
            { for props.options.iter().map(|(value, text)| html! {
                <option key={value.to_string()} value={value} selected={*value == props.value}>{ text }</option>
            }) }
        </select>
    };
    if !props.labelled {
        return select;
    }
    html! { <label class="field"><span class="field-label">{ &props.label }</span>{ select }</label> }
}

#[derive(Properties, PartialEq)]
pub struct CheckboxProps {
    pub label: AttrValue,
    pub checked: bool,
    pub onchange: Callback<bool>,
    #[prop_or_default]
    pub disabled: bool,
    #[prop_or_default]
    pub hint: Option<AttrValue>,
}

#[component]
pub fn Checkbox(props: &CheckboxProps) -> Html {
    let label = &props.label;
    let checked = props.checked;
    let onchange = &props.onchange;
    let disabled = props.disabled;
    let hint = &props.hint;
    let onchange = onchange.reform(|event: Event| {
        event
            .target_dyn_into::<HtmlInputElement>()
            .is_some_and(|input| input.checked())
    });
    html! {
        <label class="checkbox">
            <input type="checkbox" {checked} {onchange} {disabled} aria-label={label.clone()} />
            <span>
                { label }
                if let Some(hint) = hint { <span class="field-note">{ hint }</span> }
            </span>
        </label>
    }
}
