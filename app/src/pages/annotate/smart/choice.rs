//! The model that answers the smart tool's prompts: the one of this build, or one that the project
//! has registered. Each person chooses for themselves, and the browser remembers it.

use crate::components::SelectField;
use crate::{assist, browser, t};
use std::rc::Rc;
use uuid::Uuid;
use visionflow_api::Model;
use visionflow_engine::Engine;
use yew::prelude::*;

#[derive(Clone, PartialEq)]
pub struct SmartChoice {
    /// The registered ones.
    pub models: Rc<Vec<Model>>,
    /// `None` for that of this build.
    pub chosen: Option<Uuid>,
    pub choose: Callback<Option<Uuid>>,
}

#[hook]
pub fn use_smart_choice(
    engine: Option<&Engine>,
    project_id: Uuid,
    models: &Rc<Vec<Model>>,
) -> SmartChoice {
    let place = format!("visionflow.smart-model.{project_id}");
    let stored = use_state_eq(|| browser::stored(&place).and_then(|id| id.parse::<Uuid>().ok()));
    // One that was archived meanwhile is not there any more.
    let model = models.iter().find(|model| Some(model.id) == *stored);
    let chosen = model.map(|model| model.id);
    {
        let model = model.cloned();
        use_effect_with((engine.cloned(), chosen), move |(engine, _)| {
            if let Some(engine) = engine {
                engine.set_assist(match &model {
                    Some(model) => assist::options_of(model),
                    None => assist::options(),
                });
            }
        });
    }
    let choose = {
        let stored = stored.setter();
        Callback::from(move |id: Option<Uuid>| {
            let text = id.map(|id| id.to_string()).unwrap_or_default();
            browser::store(&place, &text);
            stored.set(id);
        })
    };
    SmartChoice {
        models: models.clone(),
        chosen,
        choose,
    }
}

/// The list to choose from, where there is a choice.
pub fn choice(smart: &SmartChoice) -> Html {
    if smart.models.is_empty() {
        return html! {};
    }
    let built_in = (AttrValue::from(""), AttrValue::from(t!("smart-built-in")));
    let registered = smart.models.iter();
    let registered =
        registered.map(|model| (model.id.to_string().into(), model.name.clone().into()));
    let options: Vec<_> = std::iter::once(built_in).chain(registered).collect();
    let value = smart.chosen.map(|id| id.to_string()).unwrap_or_default();
    let onchange = smart.choose.reform(|id: String| id.parse().ok());
    html! { <SelectField label={t!("smart-choose")} {value} {options} {onchange} /> }
}
