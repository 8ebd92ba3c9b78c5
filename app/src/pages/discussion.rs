//! All threads of comments of a project, each with the way to its photograph.

use crate::api_client;
use crate::components::avatar::color_of;
use crate::components::shell::{Crumb, Shell};
use crate::components::{Button, Checkbox, EmptyState, ErrorState, SelectField, Spinner, icon};
use crate::notifications::in_one_line;
use crate::resource::{Load, use_get, use_resource};
use crate::router::Route;
use crate::session::use_toasts;
use crate::t;
use crate::time_words::ago;
use std::collections::HashMap;
use uuid::Uuid;
use visionflow_api::{Page, Project, ProjectCommentThread};
use yew::platform::spawn_local;
use yew::prelude::*;
use yew_router::prelude::*;

type ThreadLink = Link<Route, HashMap<&'static str, String>>;

#[derive(Properties, PartialEq)]
pub struct DiscussionProps {
    pub project_id: Uuid,
}

#[component]
pub fn Discussion(props: &DiscussionProps) -> Html {
    let project_id = props.project_id;
    let project = use_get::<Project>(format!("/api/v1/projects/{project_id}"));
    let which = use_state_eq(|| "open".to_owned());
    let mine = use_state_eq(|| false);
    let crumbs = html! {
        <>
            if let Some(project) = project.ready() {
                <Crumb text={project.name.clone()} to={Some(Route::Gallery { project_id })} />
            }
            <Crumb text={t!("comments-title")} />
        </>
    };
    let options: Vec<(AttrValue, AttrValue)> = vec![
        ("open".into(), t!("comments-open").into()),
        ("resolved".into(), t!("comments-resolved").into()),
        ("all".into(), t!("comments-every").into()),
    ];
    let choose = {
        let which = which.setter();
        Callback::from(move |value| which.set(value))
    };
    let only_mine = {
        let mine = mine.setter();
        Callback::from(move |on| mine.set(on))
    };
    let mut path = format!("/api/v1/projects/{project_id}/comment_threads?limit=50");
    match which.as_str() {
        "open" => path.push_str("&resolved=false"),
        "resolved" => path.push_str("&resolved=true"),
        _ => {}
    }
    if *mine {
        path.push_str("&mine=true");
    }
    html! {
        <Shell title={t!("comments-title")} {crumbs}>
            <main class="page-scroll discussion">
                <div class="toolbar">
                    <SelectField label={t!("comments-filter")} value={(*which).clone()} {options} onchange={choose} />
                    <Checkbox label={t!("comments-mine")} checked={*mine} onchange={only_mine} />
                </div>
                <Threads key={path.clone()} path={path.clone()} {project_id} />
            </main>
        </Shell>
    }
}

#[derive(Properties, PartialEq)]
struct ThreadsProps {
    path: String,
    project_id: Uuid,
}

#[component]
fn Threads(props: &ThreadsProps) -> Html {
    let toasts = use_toasts();
    let first = use_resource(props.path.clone(), |path| async move {
        api_client::get::<Page<ProjectCommentThread>>(&path).await
    });
    // The pages that were asked for after the first.
    let later = use_state(Vec::<Page<ProjectCommentThread>>::new);
    let page = match &*first.load {
        Load::Loading => return html! { <Spinner label={t!("loading")} /> },
        Load::Failed(error) => {
            return html! { <ErrorState error={error.clone()} retry={first.reload.clone()} /> };
        }
        Load::Ready(page) => page,
    };
    if page.items.is_empty() {
        return html! {
            <EmptyState icon={icon::MESSAGE_SQUARE} title={t!("comments-none")} text={t!("comments-none-text")} />
        };
    }
    let next = later.last().unwrap_or(page).next_cursor.clone();
    let more = next.map(|cursor| {
        let (path, later) = (props.path.clone(), later.clone());
        Callback::from(move |_: MouseEvent| {
            let path = format!("{path}&cursor={}", api_client::encode(&cursor));
            let (later, toasts) = (later.clone(), toasts.clone());
            spawn_local(async move {
                match api_client::get(&path).await {
                    Ok(page) => later.set([&later[..], &[page][..]].concat()),
                    Err(error) => toasts.error(&error),
                }
            });
        })
    });
    let pages = std::iter::once(page).chain(later.iter());
    let project_id = props.project_id;
    html! {
        <>
            <ul class="discussion-list" aria-label={t!("comments-title")}>
                { for pages.flat_map(|page| &page.items).map(|item| row(project_id, item)) }
            </ul>
            if let Some(more) = more { <Button label={t!("comments-more")} onclick={more} /> }
        </>
    }
}

fn row(project_id: Uuid, item: &ProjectCommentThread) -> Html {
    let thread = &item.thread;
    let first = thread.comments.first();
    let text = first
        .map(|first| in_one_line(&first.body))
        .unwrap_or_default();
    let name = first
        .map(|first| first.author.name.clone())
        .unwrap_or_default();
    let replies = thread.comment_count - 1;
    let style = format!("--pin:{}", color_of(&thread.created_by.to_string()));
    let content = html! {
        <>
            if let Some(url) = &item.thumbnail_url { <img class="discussion-thumb" src={url.clone()} alt="" loading="lazy" /> } else { <span class="discussion-thumb" /> }
            <span class="thread-number" {style}>{ thread.number }</span>
            <span class="thread-main">
                <span class="thread-text">{ text }</span>
                <span class="thread-meta ellipsis">
                    { name }{ " · " }{ ago(thread.created_at) }{ " · " }{ &item.filename }
                    if replies > 0 { { " · " }{ t!("comment-replies", n = replies) } }
                    if thread.resolved_at.is_some() { { " · " }{ t!("comment-resolved") } }
                </span>
            </span>
            if thread.unread > 0 { <span class="unread-dot" role="img" aria-label={t!("comment-unread", n = thread.unread)} /> }
        </>
    };
    let query = Some(HashMap::from([("thread", thread.id.to_string())]));
    html! {
        <li key={thread.id.to_string()}>
            if let Some(image_id) = thread.image_id {
                <ThreadLink to={Route::Annotate { project_id, image_id }} {query} classes="thread-row">{ content }</ThreadLink>
            } else {
                <span class="thread-row">{ content }</span>
            }
        </li>
    }
}
