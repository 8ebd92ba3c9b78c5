//! A project's photographs: looking, searching, uploading, deleting, restoring, exporting.

mod export_dialog;
mod files;
mod keeper;
mod people;
mod photographs;
mod renew;
mod run_dialog;
mod selected;
mod tile;
mod upload_panel;

use super::image_list::{ListAction, ListQuery, use_image_list};
use crate::commands::{spec, use_commands};
use crate::components::shell::{Crumb, Shell};
use crate::components::{Button, ErrorState, Menu, MenuItem, Skeleton, TextInput, icon};
use crate::resource::{Load, use_get};
use crate::router::Route;
use crate::t;
use crate::uploads::{Dropped, UploadEvent, Uploads};
use export_dialog::ExportDialog;
use files::{DropTarget, FilePicker};
use gloo::timers::callback::Timeout;
use people::{Here, use_people};
use photographs::Photographs;
use renew::use_renewed;
use run_dialog::{JobPanel, RunDialog};
use selected::{SelectedBar, use_selected};
use upload_panel::UploadPanel;
use uuid::Uuid;
use visionflow_api::Project;
use web_sys::HtmlInputElement;
use yew::prelude::*;
use yew_router::prelude::*;

#[derive(Properties, PartialEq)]
pub struct GalleryProps {
    pub project_id: Uuid,
}

#[component]
pub fn Gallery(props: &GalleryProps) -> Html {
    let project_id = &props.project_id;
    let project_id = *project_id;
    let project = use_get::<Project>(format!("/api/v1/projects/{project_id}"));
    match &*project.load {
        Load::Loading => html! {
            <Shell title={t!("gallery-title")}><main class="page-scroll"><Skeleton class="tile-grid" count={18} /></main></Shell>
        },
        Load::Failed(error) => html! {
            <Shell title={t!("gallery-title")}><main class="page-centred">
                <ErrorState error={error.clone()} retry={project.reload.clone()} />
            </main></Shell>
        },
        Load::Ready(found) => {
            html! { <Loaded project={found.clone()} reload={project.reload.clone()} /> }
        }
    }
}

#[derive(Properties, PartialEq)]
struct LoadedProps {
    pub project: Project,
    pub reload: Callback<()>,
}

#[component]
fn Loaded(props: &LoadedProps) -> Html {
    let project = &props.project;
    let reload = &props.reload;
    let uploads = use_context::<Uploads>().unwrap_or_default();
    let navigator = use_navigator();
    let project_id = project.id;
    let can_edit = project.role.is_some();
    let typed = use_state_eq(String::new);
    let search = use_state_eq(String::new);
    let deleted = use_state_eq(|| false);
    let pending = use_state_eq(|| false);
    let exporting = use_state_eq(|| false);
    let running = use_state_eq(|| false);
    let (files, folder, search_node) = (use_node_ref(), use_node_ref(), use_node_ref());
    let query = ListQuery {
        project_id,
        search: (*search).clone(),
        deleted: *deleted,
        pending: *pending,
    };
    let plain = query.is_plain();
    let list = use_image_list(query);
    use_renewed(project_id, &list);
    let people = use_people(project_id);
    let selected = use_selected(&list);
    let chosen = if *deleted {
        Vec::new()
    } else {
        selected.images(&list)
    };
    {
        // The question is asked when the typing pauses.
        let search = search.setter();
        use_effect_with((*typed).clone(), move |typed| {
            let typed = typed.trim().to_owned();
            let pause = Timeout::new(200, move || search.set(typed));
            move || drop(pause)
        });
    }
    {
        let dispatch = list.state.dispatcher();
        let reload = reload.clone();
        use_effect_with((uploads.clone(), plain), move |(uploads, plain)| {
            let plain = *plain;
            let watch = uploads.watch(move |event| {
                if let UploadEvent::Arrived(image) = event
                    && image.project_id == project_id
                {
                    if plain {
                        dispatch.dispatch(ListAction::Put(image.clone()));
                    }
                    reload.emit(());
                }
            });
            move || drop(watch)
        });
    }
    let take = {
        let uploads = uploads.clone();
        Callback::from(move |files: Vec<Dropped>| uploads.add(project_id, files))
    };
    let pick = |node: &NodeRef| {
        let node = node.clone();
        move || {
            if let Some(input) = node.cast::<HtmlInputElement>() {
                input.click();
            }
        }
    };
    let go = |route: Route| {
        let navigator = navigator.clone();
        move || {
            if let Some(navigator) = &navigator {
                navigator.push(&route);
            }
        }
    };
    use_commands(vec![
        spec::UPLOAD.bind(can_edit, pick(&files)),
        spec::EXPORT.bind(true, {
            let exporting = exporting.setter();
            move || exporting.set(true)
        }),
        spec::SELECT_PHOTOGRAPHS.bind(can_edit && !*deleted, {
            let all = selected.all.clone();
            move || all.emit(())
        }),
        spec::RUN_MODEL.bind(can_edit && !chosen.is_empty(), {
            let running = running.setter();
            move || running.set(true)
        }),
        spec::SEARCH.bind(true, {
            let node = search_node.clone();
            move || {
                if let Some(input) = node.cast::<HtmlInputElement>() {
                    // A field on the page takes focus.
                    let _ = input.focus();
                }
            }
        }),
        spec::GO_SETTINGS.bind(true, go(Route::Settings { project_id })),
        spec::GO_MODELS.bind(true, go(Route::Models { project_id })),
    ]);
    let crumbs = html! { <Crumb text={project.name.clone()} /> };
    let open_export = {
        let exporting = exporting.setter();
        Callback::from(move |_: MouseEvent| exporting.set(true))
    };
    let actions = html! {
        <>
            if can_edit {
                <Menu label={t!("upload-menu")} align_right=true class="menu-as-button menu-primary" items={vec![
                    MenuItem::new(t!("upload-files"), icon::IMAGE, pick(&files)),
                    MenuItem::new(t!("upload-folder"), icon::FOLDER_UP, pick(&folder)),
                ]}>{ icon::UPLOAD.html() }<span>{ t!("upload") }</span></Menu>
            }
            <Link<Route> to={Route::Discussion { project_id }} classes="button button-plain button-small">
                { icon::MESSAGE_SQUARE.html() }<span>{ t!("comments-title") }</span>
            </Link<Route>>
            <Button label={t!("export")} icon={icon::DOWNLOAD} small=true onclick={open_export} />
            <Link<Route> to={Route::Settings { project_id }} classes="button button-plain button-small">
                { icon::SETTINGS.html() }<span>{ t!("settings") }</span>
            </Link<Route>>
        </>
    };
    let set_typed = {
        let typed = typed.setter();
        Callback::from(move |text| typed.set(text))
    };
    // Each on or off; what lies in the bin is not decided about.
    let toggle = |this: &UseStateHandle<bool>, other: &UseStateHandle<bool>| {
        let (this, other) = (this.clone(), other.setter());
        Callback::from(move |_: MouseEvent| {
            this.set(!*this);
            other.set(false);
        })
    };
    let filter = |on: bool, words: String, shown: icon::Icon, onclick: Callback<MouseEvent>| {
        html! {
            <button type="button" class="button button-quiet button-small" aria-pressed={if on { "true" } else { "false" }} {onclick}>
                { shown.html() }<span>{ words }</span>
            </button>
        }
    };
    let close_export = {
        let exporting = exporting.setter();
        Callback::from(move |()| exporting.set(false))
    };
    let run = |on: bool| {
        let running = running.setter();
        Callback::from(move |()| running.set(on))
    };
    html! {
        <Shell title={project.name.clone()} {crumbs} {actions}>
            <DropTarget enabled={can_edit} ondrop={take.clone()}>
                <div class="toolbar">
                    <div class="search">
                        { icon::SEARCH.html() }
                        <TextInput node={search_node} kind="search" label={t!("gallery-search")} placeholder={t!("gallery-search")}
                            value={(*typed).clone()} oninput={set_typed} />
                    </div>
                    if chosen.is_empty() {
                        <span class="toolbar-count">{ t!("count-photographs", n = project.image_count) }</span>
                        <span class="toolbar-count">{ t!("count-annotations", n = project.annotation_count) }</span>
                    } else {
                        <SelectedBar count={chosen.len()} selected={selected.clone()} onrun={run(true)} />
                    }
                    if !can_edit { <span class="chip chip-quiet">{ icon::LOCK.html() }{ t!("read-only-project") }</span> }
                    <span class="push" />
                    <Here {project_id} people={people.clone()} />
                    { filter(*pending, t!("gallery-pending"), icon::SPARKLES, toggle(&pending, &deleted)) }
                    { filter(*deleted, t!("gallery-deleted"), icon::TRASH_2, toggle(&deleted, &pending)) }
                </div>
                <Photographs {list} {people} project={project.clone()} deleted={*deleted} pending={*pending} searched={(*search).clone()}
                    selected={selected.ids.clone()} onselect={selected.toggle.clone()} reload={reload.clone()} pick_files={Callback::from({ let p = pick(&files); move |()| p() })}
                    pick_folder={Callback::from({ let p = pick(&folder); move |()| p() })} />
                <UploadPanel {project_id} />
                <JobPanel {project_id} />
            </DropTarget>
            <FilePicker node={files} label={t!("upload-files")} folder=false onpick={take.clone()} />
            <FilePicker node={folder} label={t!("upload-folder")} folder=true onpick={take} />
            if *running { <RunDialog {project_id} images={chosen} onclose={run(false)} /> }
            if *exporting { <ExportDialog project={project.clone()} onclose={close_export} /> }
        </Shell>
    }
}
