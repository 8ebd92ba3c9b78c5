//! Where everything stands on the annotation page, and the state that the panels share.

use super::Desk;
use super::follow::{Seen, use_follow};
use crate::api_client;
use crate::browser;
use crate::components::{Button, Tone, icon};
use crate::pages::annotate::bar::TopBar;
use crate::pages::annotate::canvas_menu::CanvasMenu;
use crate::pages::annotate::clipboard::use_clipboard;
use crate::pages::annotate::commands::{PageActions, neighbours, use_desk_commands};
use crate::pages::annotate::comments::{CommentPins, Comments, CommentsPanel, use_comments};
use crate::pages::annotate::filmstrip::Filmstrip;
use crate::pages::annotate::history::{HistoryPanel, PastBanner, use_history};
use crate::pages::annotate::objects::SharedObjects;
use crate::pages::annotate::options::ToolOptions;
use crate::pages::annotate::picture::PictureDialog;
use crate::pages::annotate::rail::ToolRail;
use crate::pages::annotate::settings::use_settings;
use crate::pages::annotate::smart::use_smart_choice;
use crate::pages::annotate::status::StatusBar;
use crate::pages::annotate::suggestions::{SuggestionsPanel, use_counted, use_runner};
use crate::pages::annotate::text_entry::TextEntryOverlay;
use crate::pages::annotate::{attributes, labels, objects_panel, tags};
use crate::pages::image_list::ListState;
use crate::router::Route;
use crate::session::use_toasts;
use crate::t;
use uuid::Uuid;
use visionflow_api::{Image, Project};
use visionflow_engine::{Engine, SaveState};
use visionflow_model::{LabelId, Ontology};
use wasm_bindgen::JsCast;
use yew::prelude::*;
use yew_router::prelude::*;

#[derive(Properties, PartialEq)]
pub struct LayoutProps {
    pub project: Project,
    pub ontology: Ontology,
    pub reload_ontology: Callback<()>,
    pub image_id: Uuid,
    pub item: Option<Image>,
    pub reload_item: Callback<()>,
    pub engine: Option<Engine>,
    pub canvas: Html,
    pub list: UseReducerHandle<ListState>,
    pub read_more: Callback<()>,
}

#[component]
pub fn Layout(props: &LayoutProps) -> Html {
    let deleted = use_state_eq(|| false);
    let (panel, flip_panel) = use_flap("visionflow.panel");
    let (strip, flip_strip) = use_flap("visionflow.filmstrip");
    use_title(props.item.as_ref());
    {
        let deleted = deleted.setter();
        let is_deleted = props
            .item
            .as_ref()
            .is_some_and(|image| image.deleted_at.is_some());
        use_effect_with((props.image_id, is_deleted), move |(_, is_deleted)| {
            deleted.set(*is_deleted);
        });
    }
    let desk = use_desk(props, &deleted);
    let item = props.item.as_ref();
    use_counted(
        props.engine.as_ref(),
        item.filter(|image| image.id == props.image_id),
        &props.list,
    );
    let show_panel = {
        let flip = flip_panel.clone();
        Callback::from(move |()| {
            if !panel {
                flip.emit(());
            }
        })
    };
    let comments = use_comments(props);
    let picture = use_state_eq(|| false);
    let (open_picture, close_picture) = {
        let set = |on: bool| {
            let picture = picture.setter();
            Callback::from(move |()| picture.set(on))
        };
        (set(true), set(false))
    };
    let actions = PageActions {
        flip_panel: flip_panel.clone(),
        flip_strip: flip_strip.clone(),
        show_panel,
        export_picture: open_picture.clone(),
    };
    use_desk_commands(desk.as_ref(), props.image_id, &props.list, &actions);
    use_clipboard(desk.as_ref());
    use_next_prepared(props);
    let project_id = props.project.id;
    let body = html! {
        <div class="desk" onmousedown={|event: MouseEvent| keep_focus(&event)}>
            <TopBar {project_id} item={props.item.clone()} panel_open={panel} onpanel={flip_panel} strip_open={strip} onstrip={flip_strip} onpicture={open_picture} />
            <main class="desk-middle">
                <ToolRail />
                <div class="desk-stage">
                    if *deleted {
                        <DeletedBanner image_id={props.image_id} {project_id} may_restore={props.project.role.is_some()} deleted={deleted.setter()} />
                    }
                    <PastBanner />
                    <CanvasMenu>
                        { props.canvas.clone() }
                        <ToolOptions />
                        <CommentPins />
                        <TextEntryOverlay />
                    </CanvasMenu>
                </div>
                if panel {
                    <section class="panel" aria-label={t!("panel")}>
                        <HistoryPanel />
                        <labels::LabelsPanel />
                        <tags::TagsPanel />
                        <SuggestionsPanel />
                        <CommentsPanel />
                        <attributes::SelectionPanel />
                        <objects_panel::ObjectsPanel />
                    </section>
                }
            </main>
            if strip {
                <Filmstrip {project_id} image_id={props.image_id} list={props.list.clone()} read_more={props.read_more.clone()} total={props.project.image_count} />
            }
            <StatusBar />
            if let Some((desk, item)) = desk.clone().zip(props.item.clone()).filter(|_| *picture) {
                <PictureDialog {desk} {item} onclose={close_picture} />
            }
        </div>
    };
    html! {
        <ContextProvider<Option<Desk>> context={desk}>
            <ContextProvider<Option<Comments>> context={comments}>{ body }</ContextProvider<Option<Comments>>>
        </ContextProvider<Option<Desk>>>
    }
}

/// What the panels share, once the engine is there.
#[hook]
fn use_desk(props: &LayoutProps, deleted: &UseStateHandle<bool>) -> Option<Desk> {
    let project = use_memo(props.project.clone(), Clone::clone);
    let ontology = use_memo(props.ontology.clone(), Clone::clone);
    let objects = use_memo((), |()| SharedObjects::default());
    let seen = use_state_eq(|| None::<Seen>);
    let label = use_state_eq(|| None::<LabelId>);
    let settings = use_settings(props.engine.as_ref());
    let refresh = use_follow(props, (*objects).clone(), seen.setter(), deleted.setter());
    {
        // The current label is always one that may still be given.
        let (label, objects, refresh) = (label.clone(), objects.clone(), refresh.clone());
        let outline = settings.view.outline;
        use_effect_with(
            (ontology.clone(), props.engine.clone(), outline),
            move |(ontology, engine, outline)| {
                let Some(engine) = engine else { return };
                engine.set_ontology(if *outline {
                    outlined(ontology)
                } else {
                    (**ontology).clone()
                });
                objects.borrow_mut().set_ontology(ontology, engine);
                let current = label.filter(|id| ontology.active().any(|label| label.id == *id));
                let chosen = current.or_else(|| ontology.active().next().map(|label| label.id));
                engine.set_label(chosen);
                label.set(chosen);
                refresh.emit(());
            },
        );
    }
    let choose = {
        let (label, engine) = (label.setter(), props.engine.clone());
        Callback::from(move |id: LabelId| {
            label.set(Some(id));
            if let Some(engine) = &engine {
                super::choose_label(engine, id);
            }
        })
    };
    let is_open = seen
        .as_ref()
        .is_some_and(|seen| !matches!(seen.save_state, SaveState::Opening | SaveState::Local));
    let runner = use_runner(
        props.engine.as_ref(),
        props.project.id,
        props.item.as_ref(),
        is_open,
    );
    let smart = use_smart_choice(props.engine.as_ref(), props.project.id, &runner.promptable);
    let history = use_history(props.engine.as_ref(), props.image_id);
    let (engine, seen) = props.engine.clone().zip((*seen).clone())?;
    Some(Desk {
        engine,
        project,
        image_id: props.image_id,
        ontology,
        objects: (*objects).clone(),
        version: seen.version,
        selection: seen.selection,
        refresh,
        settings,
        runner,
        smart,
        history,
        tool: seen.tool,
        label: *label,
        choose,
        can_edit: seen.can_edit && !**deleted,
        save_state: seen.save_state,
        can_undo: seen.can_undo,
        can_redo: seen.can_redo,
    })
}

/// The smart tool's model looks at the photograph that probably comes next.
#[hook]
fn use_next_prepared(props: &LayoutProps) {
    let next = neighbours(&props.list, props.image_id).1;
    let list = props.list.clone();
    use_effect_with((props.engine.clone(), next), move |(engine, next)| {
        let image = next.and_then(|id| list.images.iter().find(|image| image.id == id));
        if let Some((engine, image)) = engine.as_ref().zip(image) {
            let (width, height) = (image.width.max(1) as u32, image.height.max(1) as u32);
            engine.prepare_image(&image.url, width, height);
        }
    });
}

/// The same labels without their fill.
fn outlined(ontology: &Ontology) -> Ontology {
    let mut ontology = ontology.clone();
    for label in &mut ontology.labels {
        label.style.opacity = Some(0.0);
    }
    ontology
}

/// Something that is open or closed and stays so; and the other way round.
#[hook]
fn use_flap(stored: &'static str) -> (bool, Callback<()>) {
    let open = use_state_eq(|| browser::stored(stored).as_deref() != Some("closed"));
    use_effect_with(*open, move |open| {
        browser::store(stored, if *open { "open" } else { "closed" });
    });
    let flip = {
        let open = open.clone();
        Callback::from(move |()| open.set(!*open))
    };
    (*open, flip)
}

#[hook]
fn use_title(item: Option<&Image>) {
    use_effect_with(item.map(|image| image.filename.clone()), |name| {
        if let Some(name) = name {
            browser::set_title(&t!("tab-title", page = name.clone()));
        }
    });
}

#[derive(Properties, PartialEq)]
struct DeletedBannerProps {
    image_id: Uuid,
    project_id: Uuid,
    may_restore: bool,
    deleted: UseStateSetter<bool>,
}

/// Says that somebody deleted the photograph, with a way to bring it back.
#[component]
fn DeletedBanner(props: &DeletedBannerProps) -> Html {
    let toasts = use_toasts();
    let restore = {
        let (image_id, deleted) = (props.image_id, props.deleted.clone());
        Callback::from(move |_: MouseEvent| {
            let (toasts, deleted) = (toasts.clone(), deleted.clone());
            yew::platform::spawn_local(async move {
                match api_client::post_empty(&format!("/api/v1/images/{image_id}/restore")).await {
                    Ok(()) => deleted.set(false),
                    Err(error) => toasts.error(&error),
                }
            });
        })
    };
    html! {
        <div class="banner banner-warn" role="alert">
            { icon::TRASH_2.html() }<span class="grow">{ t!("photograph-deleted-banner") }</span>
            if props.may_restore { <Button label={t!("restore")} icon={icon::ROTATE_CCW} small=true tone={Tone::Plain} onclick={restore} /> }
            <Link<Route> to={Route::Gallery { project_id: props.project_id }} classes="button button-plain button-small">{ t!("back-to-gallery") }</Link<Route>>
        </div>
    }
}

/// A press on a button leaves the focus where it was, so that keys keep reaching the canvas.
fn keep_focus(event: &MouseEvent) {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let inside = |selector: &str| {
        target
            .as_ref()
            .is_some_and(|t| t.closest(selector).ok().flatten().is_some())
    };
    let keeps = "input, select, textarea, .menu, .menu-list, dialog";
    if inside("button, [role=option], [role=row]") && !inside(keeps) {
        event.prevent_default();
    }
}
