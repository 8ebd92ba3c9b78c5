//! One project: its first photographs, its name, how much is in it, what one may do there.

use crate::components::icon;
use crate::pages::settings::role_name;
use crate::router::Route;
use crate::{t, time_words};
use visionflow_api::{Project, ProjectType};
use yew::prelude::*;
use yew_router::prelude::*;

#[derive(Properties, PartialEq)]
pub struct ProjectCardProps {
    pub project: Project,
}

#[component]
pub fn ProjectCard(props: &ProjectCardProps) -> Html {
    let project = &props.project;
    let count = project.cover_urls.len().min(4);
    html! {
        <li class="project-card">
            <Link<Route> to={Route::Gallery { project_id: project.id }} classes="project-link">
                <div class={classes!("project-cover", format!("covers-{count}"))} aria-hidden="true">
                    if count == 0 { { icon::IMAGE.html() } }
                    { for project.cover_urls.iter().take(4).map(|url| html! { <img src={url.clone()} alt="" loading="lazy" decoding="async" /> }) }
                </div>
                <div class="project-text">
                    <h2>{ &project.name }</h2>
                    <p class="project-meta">
                        <span>{ t!("count-photographs", n = project.image_count) }</span><span aria-hidden="true">{ "·" }</span>
                        <span>{ t!("count-annotations", n = project.annotation_count) }</span>
                    </p>
                    <p class="project-meta">
                        <span class="chip">{ type_name(project.project_type) }</span>
                        <span class="chip">{ role_name(project.role) }</span>
                        <span class="push">{ time_words::ago(project.updated_at) }</span>
                    </p>
                </div>
            </Link<Route>>
        </li>
    }
}

pub fn type_name(kind: ProjectType) -> String {
    match kind {
        ProjectType::ObjectDetection => t!("type-object-detection"),
        ProjectType::Segmentation => t!("type-segmentation"),
        ProjectType::Classification => t!("type-classification"),
    }
}
