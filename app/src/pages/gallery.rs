//! A project's photographs: looking, searching, uploading, deleting, restoring, exporting.

mod export_dialog;
mod tile;
mod upload_panel;

use super::image_list::{ImageList, ListAction, ListQuery, use_image_list};
use crate::api_client;
use crate::commands::{spec, use_commands};
use crate::components::shell::{Crumb, Shell};
use crate::components::virtual_list::VirtualGrid;
use crate::components::{
    Button, EmptyState, ErrorState, Menu, MenuItem, Skeleton, TextInput, Toast, Tone, icon,
};
use crate::resource::{Load, use_get};
use crate::router::Route;
use crate::session::use_toasts;
use crate::t;
use crate::uploads::{Dropped, UploadEvent, Uploads, from_file_list, from_transfer};
use export_dialog::ExportDialog;
use gloo::timers::callback::Timeout;
use tile::Tile;
use upload_panel::UploadPanel;
use uuid::Uuid;
use visionflow_api::{Image, Project};
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
    let exporting = use_state_eq(|| false);
    let (files, folder, search_node) = (use_node_ref(), use_node_ref(), use_node_ref());
    let list = use_image_list(ListQuery {
        project_id,
        search: (*search).clone(),
        deleted: *deleted,
    });
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
        let plain = !*deleted && search.is_empty();
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
    use_commands(vec![
        spec::UPLOAD.bind(can_edit, pick(&files)),
        spec::EXPORT.bind(true, {
            let exporting = exporting.setter();
            move || exporting.set(true)
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
        spec::GO_SETTINGS.bind(true, move || {
            if let Some(navigator) = &navigator {
                navigator.push(&Route::Settings { project_id });
            }
        }),
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
    let toggle_deleted = {
        let deleted = deleted.clone();
        Callback::from(move |_: MouseEvent| deleted.set(!*deleted))
    };
    let close_export = {
        let exporting = exporting.setter();
        Callback::from(move |()| exporting.set(false))
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
                    <span class="toolbar-count">{ t!("count-photographs", n = project.image_count) }</span>
                    <span class="toolbar-count">{ t!("count-annotations", n = project.annotation_count) }</span>
                    if !can_edit { <span class="chip chip-quiet">{ icon::LOCK.html() }{ t!("read-only-project") }</span> }
                    <span class="push" />
                    <button type="button" class="button button-quiet button-small" aria-pressed={if *deleted { "true" } else { "false" }} onclick={toggle_deleted}>
                        { icon::TRASH_2.html() }<span>{ t!("gallery-deleted") }</span>
                    </button>
                </div>
                <Photographs {list} project={project.clone()} deleted={*deleted} searched={(*search).clone()}
                    reload={reload.clone()} pick_files={Callback::from({ let p = pick(&files); move |()| p() })}
                    pick_folder={Callback::from({ let p = pick(&folder); move |()| p() })} />
                <UploadPanel {project_id} />
            </DropTarget>
            <FilePicker node={files} label={t!("upload-files")} folder=false onpick={take.clone()} />
            <FilePicker node={folder} label={t!("upload-folder")} folder=true onpick={take} />
            if *exporting { <ExportDialog project={project.clone()} onclose={close_export} /> }
        </Shell>
    }
}

#[derive(Properties)]
struct PhotographsProps {
    list: ImageList,
    project: Project,
    deleted: bool,
    searched: String,
    reload: Callback<()>,
    pick_files: Callback<()>,
    pick_folder: Callback<()>,
}

impl PartialEq for PhotographsProps {
    fn eq(&self, other: &Self) -> bool {
        self.list.state == other.list.state
            && self.project == other.project
            && self.deleted == other.deleted
            && self.searched == other.searched
    }
}

/// The grid, or what stands in its place.
#[component]
fn Photographs(props: &PhotographsProps) -> Html {
    let toasts = use_toasts();
    let list = &props.list;
    let images = list.images().clone();
    let can_edit = props.project.role.is_some();
    if images.is_empty() {
        if let Some(error) = &list.state.error {
            return html! { <ErrorState error={error.clone()} retry={list.reload.clone()} /> };
        }
        if list.state.loading || list.state.more {
            return html! { <div class="page-scroll"><Skeleton class="tile-grid" count={18} /></div> };
        }
        if !props.searched.is_empty() {
            return html! {
                <EmptyState icon={icon::SEARCH} title={t!("gallery-none-found")} text={t!("gallery-none-found-text", search = props.searched.clone())} />
            };
        }
        if props.deleted {
            return html! { <EmptyState icon={icon::TRASH_2} title={t!("gallery-none-deleted")} text={t!("gallery-none-deleted-text")} /> };
        }
        return html! {
            <EmptyState icon={icon::IMAGES} title={t!("gallery-empty")} text={if can_edit { t!("gallery-empty-text") } else { t!("gallery-empty-read-only") }}>
                if can_edit {
                    <Button label={t!("upload-files")} icon={icon::IMAGE} tone={Tone::Primary} onclick={props.pick_files.reform(|_| ())} />
                    <Button label={t!("upload-folder")} icon={icon::FOLDER_UP} onclick={props.pick_folder.reform(|_| ())} />
                }
            </EmptyState>
        };
    }
    let dispatch = list.state.dispatcher();
    let act = {
        let (dispatch, reload, deleted) = (dispatch, props.reload.clone(), props.deleted);
        Callback::from(move |image: Image| {
            let (dispatch, toasts, reload) = (dispatch.clone(), toasts.clone(), reload.clone());
            // Gone at once; the server's word comes after, and brings it back where it is a no.
            dispatch.dispatch(ListAction::Remove(image.id));
            yew::platform::spawn_local(async move {
                if deleted {
                    restore(
                        &image,
                        &toasts,
                        || {},
                        || dispatch.dispatch(ListAction::Put(Box::new(image.clone()))),
                    )
                    .await;
                    reload.emit(());
                    return;
                }
                match api_client::delete(&format!("/api/v1/images/{}", image.id)).await {
                    Ok(()) => {
                        reload.emit(());
                        let toast =
                            Toast::good(t!("photograph-deleted", name = image.filename.clone()));
                        let (again, toasts_in) = (dispatch.clone(), toasts.clone());
                        toasts.show(toast.with_undo(move || {
                            let (again, toasts, image, reload) = (
                                again.clone(),
                                toasts_in.clone(),
                                image.clone(),
                                reload.clone(),
                            );
                            yew::platform::spawn_local(async move {
                                let put =
                                    || again.dispatch(ListAction::Put(Box::new(image.clone())));
                                restore(&image, &toasts, put, || {}).await;
                                reload.emit(());
                            });
                        }));
                    }
                    Err(error) => {
                        dispatch.dispatch(ListAction::Put(Box::new(image)));
                        toasts.error(&error);
                    }
                }
            });
        })
    };
    let refresh = {
        let dispatch = list.state.dispatcher();
        Callback::from(move |id: Uuid| {
            let dispatch = dispatch.clone();
            yew::platform::spawn_local(async move {
                if let Ok(image) = api_client::get::<Image>(&format!("/api/v1/images/{id}")).await {
                    dispatch.dispatch(ListAction::Put(Box::new(image)));
                }
            });
        })
    };
    let render = {
        let (images, deleted) = (images.clone(), props.deleted);
        Callback::from(move |index: usize| {
            let Some(image) = images.get(index) else {
                return html! {};
            };
            html! {
                <Tile key={image.id.to_string()} image={image.clone()} {deleted} {can_edit} onact={act.clone()} onexpired={refresh.clone()} />
            }
        })
    };
    html! {
        <>
            <VirtualGrid label={t!("gallery-title")} count={images.len()} min_width=180.0 ratio=0.72 caption=44.0 {render} onend={list.read_more.clone()} />
            if let Some(error) = &list.state.error {
                <div class="inline-error" role="alert">
                    { icon::CIRCLE_ALERT.html() }<span>{ error.words() }</span>
                    <Button label={t!("action-retry")} small=true onclick={list.read_more.reform(|_| ())} />
                </div>
            }
        </>
    }
}

async fn restore(
    image: &Image,
    toasts: &crate::components::Toasts,
    done: impl FnOnce(),
    failed: impl FnOnce(),
) {
    match api_client::post_empty(&format!("/api/v1/images/{}/restore", image.id)).await {
        Ok(()) => {
            done();
            toasts.show(Toast::good(t!(
                "photograph-restored",
                name = image.filename.clone()
            )));
        }
        Err(error) => {
            failed();
            toasts.error(&error);
        }
    }
}

#[derive(Properties, PartialEq)]
struct DropTargetProps {
    pub enabled: bool,
    pub ondrop: Callback<Vec<Dropped>>,
    pub children: Html,
}

/// Takes files and folders that are dropped anywhere on its children.
#[component]
fn DropTarget(props: &DropTargetProps) -> Html {
    let enabled = props.enabled;
    let ondrop = &props.ondrop;
    let children = &props.children;
    // Entering a child also leaves its parent, so the two are counted.
    let depth = use_state_eq(|| 0_i32);
    let has_files = |event: &DragEvent| {
        event.data_transfer().is_some_and(|data| {
            data.types()
                .iter()
                .any(|kind| kind.as_string().as_deref() == Some("Files"))
        })
    };
    let step = |by: i32| {
        let depth = depth.clone();
        Callback::from(move |event: DragEvent| {
            if enabled && has_files(&event) {
                event.prevent_default();
                depth.set((*depth + by).max(0));
            }
        })
    };
    let over = Callback::from(move |event: DragEvent| {
        if has_files(&event) {
            event.prevent_default();
        }
    });
    let drop = {
        let (depth, ondrop) = (depth.setter(), ondrop.clone());
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            depth.set(0);
            let Some(data) = event.data_transfer().filter(|_| enabled) else {
                return;
            };
            let (found, ondrop) = (from_transfer(&data), ondrop.clone());
            yew::platform::spawn_local(async move { ondrop.emit(found.await) });
        })
    };
    html! {
        <main class="gallery" ondragenter={step(1)} ondragleave={step(-1)} ondragover={over} ondrop={drop} aria-label={t!("gallery-title")}>
            <h1 class="sr-only">{ t!("gallery-title") }</h1>
            { children.clone() }
            if *depth > 0 {
                <div class="drop-here"><div>{ icon::UPLOAD.html() }<strong>{ t!("drop-here") }</strong><span>{ t!("drop-here-text") }</span></div></div>
            }
        </main>
    }
}

#[derive(Properties, PartialEq)]
struct FilePickerProps {
    pub node: NodeRef,
    pub label: AttrValue,
    pub folder: bool,
    pub onpick: Callback<Vec<Dropped>>,
}

/// The browser's own picker, opened by a button elsewhere.
#[component]
fn FilePicker(props: &FilePickerProps) -> Html {
    let node = &props.node;
    let label = &props.label;
    let folder = props.folder;
    let onpick = &props.onpick;
    {
        let node = node.clone();
        use_effect_with(folder, move |folder| {
            if let Some(input) = node.cast::<HtmlInputElement>().filter(|_| *folder) {
                // A fixed, valid attribute name.
                let _ = input.set_attribute("webkitdirectory", "");
            }
        });
    }
    let onchange = {
        let onpick = onpick.clone();
        Callback::from(move |event: Event| {
            let Some(input) = event.target_dyn_into::<HtmlInputElement>() else {
                return;
            };
            if let Some(files) = input.files() {
                onpick.emit(from_file_list(&files));
            }
            // So that the same file can be picked again.
            input.set_value("");
        })
    };
    html! {
        <input ref={node.clone()} type="file" multiple=true hidden=true {onchange} aria-label={label.clone()}
            accept={(!folder).then_some("image/jpeg,image/png,image/webp,image/bmp,image/gif")} />
    }
}
