//! The desk before its photograph is there, or when it never will be.

use super::layout::Layout;
use crate::components::{EmptyState, ErrorState, Spinner, icon};
use crate::pages::annotate::canvas::{CanvasState, use_engine, use_item};
use crate::pages::image_list::{ListQuery, use_image_list};
use crate::resource::Load;
use crate::router::Route;
use crate::t;
use uuid::Uuid;
use visionflow_api::Project;
use visionflow_model::Ontology;
use yew::prelude::*;
use yew_router::prelude::*;

#[derive(Properties, PartialEq)]
pub struct DeskViewProps {
    pub project: Project,
    pub ontology: Ontology,
    pub reload_ontology: Callback<()>,
    pub image_id: Uuid,
}

/// Starts the engine and shows the desk around it.
#[component]
pub fn DeskView(props: &DeskViewProps) -> Html {
    let canvas = use_node_ref();
    let state = use_engine(canvas.clone());
    let item = use_item(props.image_id);
    let list = use_image_list(ListQuery {
        project_id: props.project.id,
        ..ListQuery::default()
    });
    let project_id = props.project.id;
    let overlay = match (&state, &*item.load) {
        (CanvasState::Failed(words), _) => html! {
            <EmptyState icon={icon::TRIANGLE_ALERT} title={t!("engine-failed")} text={words.clone()} />
        },
        (_, Load::Failed(error)) if error.is_not_found() => html! {
            <EmptyState icon={icon::IMAGE} title={t!("photograph-gone")} text={t!("photograph-gone-text")}>
                <Link<Route> to={Route::Gallery { project_id }} classes="button button-plain">{ t!("back-to-gallery") }</Link<Route>>
            </EmptyState>
        },
        (_, Load::Failed(error)) => {
            html! { <ErrorState error={error.clone()} retry={item.reload.clone()} /> }
        }
        (CanvasState::Starting, _) | (_, Load::Loading) => {
            html! { <Spinner label={t!("photograph-loading")} /> }
        }
        _ => html! {},
    };
    let canvas_html = html! {
        <div class="canvas-box">
            <canvas ref={canvas} class="canvas" role="application" aria-label={t!("canvas")} tabindex="0" />
            if overlay != Html::default() { <div class="canvas-overlay">{ overlay }</div> }
        </div>
    };
    let engine = match &state {
        CanvasState::Ready(engine) => Some(engine.clone()),
        _ => None,
    };
    html! {
        <Layout project={props.project.clone()} ontology={props.ontology.clone()} reload_ontology={props.reload_ontology.clone()}
            item={match &*item.load { Load::Ready(image) => Some(image.clone()), _ => None }} image_id={props.image_id}
            reload_item={item.reload.clone()} {engine} canvas={canvas_html} list={list.state.clone()} read_more={list.read_more.clone()} />
    }
}
