//! The annotation page: one photograph, its shapes, and everyone who works on it.
//!
//! The engine owns the canvas and the document; this page shows its state around it. What several
//! panels need is in one [`Desk`], handed down as a context and rebuilt when it changes.

mod attributes;
mod bar;
mod canvas;
mod canvas_menu;
mod clipboard;
mod commands;
mod comments;
mod desk;
mod embedding;
mod filmstrip;
mod history;
mod labels;
mod names;
mod objects;
mod objects_panel;
mod options;
mod picture;
mod rail;
mod section;
mod settings;
mod smart;
mod status;
mod suggestions;
mod tags;
mod text_entry;
mod tools;
mod view_menu;

use crate::components::shell::Shell;
use crate::components::{ErrorState, Spinner};
use crate::resource::{Load, use_get};
use crate::t;
use desk::DeskView;
use uuid::Uuid;
use visionflow_api::Project;
use visionflow_model::Ontology;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct AnnotateProps {
    pub project_id: Uuid,
    pub image_id: Uuid,
}

#[component]
pub fn Annotate(props: &AnnotateProps) -> Html {
    let project = use_get::<Project>(format!("/api/v1/projects/{}", props.project_id));
    let ontology = use_get::<Ontology>(format!("/api/v1/projects/{}/ontology", props.project_id));
    match (&*project.load, &*ontology.load) {
        (Load::Ready(project), Load::Ready(labels)) => html! {
            <DeskView project={project.clone()} ontology={labels.clone()} reload_ontology={ontology.reload.clone()} image_id={props.image_id} />
        },
        (Load::Failed(error), _) => html! {
            <Shell title={t!("annotate-title")}><main class="page-centred">
                <ErrorState error={error.clone()} retry={project.reload.clone()} />
            </main></Shell>
        },
        (_, Load::Failed(error)) => html! {
            <Shell title={t!("annotate-title")}><main class="page-centred">
                <ErrorState error={error.clone()} retry={ontology.reload.clone()} />
            </main></Shell>
        },
        _ => html! { <div class="desk-loading"><Spinner label={t!("loading")} /></div> },
    }
}
