//! Addresses and the pages behind them, and what surrounds every page.

use crate::commands::keymap::KeymapProvider;
use crate::commands::{CommandProvider, Commands, spec, use_commands};
use crate::components::command_palette::CommandPalette;
use crate::components::key_settings::KeySettings;
use crate::components::shortcut_sheet::ShortcutSheet;
use crate::components::toast::ToastProvider;
use crate::components::{EmptyState, ErrorState, Spinner, icon};
use crate::pages;
use crate::session::{SessionProvider, SessionState, use_session};
use crate::theme::{ThemeContext, ThemeProvider};
use crate::uploads::UploadProvider;
use crate::{api_client, browser, t};
use uuid::Uuid;
use yew::prelude::*;
use yew_router::prelude::*;

#[derive(Clone, Debug, PartialEq, Routable)]
pub enum Route {
    #[at("/")]
    Home,
    #[at("/sign-in")]
    SignIn,
    #[at("/sign-up")]
    SignUp,
    #[at("/reset/:token")]
    Reset { token: String },
    #[at("/invite/:token")]
    Invite { token: String },
    #[at("/projects")]
    Projects,
    #[at("/projects/:project_id")]
    Gallery { project_id: Uuid },
    #[at("/projects/:project_id/settings")]
    Settings { project_id: Uuid },
    #[at("/projects/:project_id/models")]
    Models { project_id: Uuid },
    #[at("/projects/:project_id/comments")]
    Discussion { project_id: Uuid },
    #[at("/projects/:project_id/images/:image_id")]
    Annotate { project_id: Uuid, image_id: Uuid },
    #[not_found]
    #[at("/404")]
    NotFound,
}

#[component]
pub fn Workbench() -> Html {
    html! {
        <BrowserRouter>
            <ThemeProvider>
                <ToastProvider>
                    <SessionProvider>
                        <UploadProvider>
                            <CommandProvider>
                                <OwnKeys><Frame /></OwnKeys>
                            </CommandProvider>
                        </UploadProvider>
                    </SessionProvider>
                </ToastProvider>
            </ThemeProvider>
        </BrowserRouter>
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Overlay {
    None,
    Palette,
    Shortcuts,
    KeySettings,
}

/// The keys of whoever is signed in.
#[component]
fn OwnKeys(props: &yew::html::ChildrenProps) -> Html {
    let session = use_session();
    let owner = session.me().map(|me| me.id.to_string()).unwrap_or_default();
    html! { <KeymapProvider {owner}>{ props.children.clone() }</KeymapProvider> }
}

/// Opens the palette or the sheet, for buttons anywhere.
#[derive(Clone, PartialEq)]
pub struct Overlays {
    pub palette: Callback<()>,
    pub shortcuts: Callback<()>,
}

/// The page, with what can lie over it and the commands that work everywhere.
#[component]
fn Frame() -> Html {
    let overlay = use_state_eq(|| Overlay::None);
    let session = use_session();
    let navigator = use_navigator();
    let theme = use_context::<ThemeContext>();
    let commands = use_context::<Commands>().unwrap_or_default();
    let show = |what: Overlay| {
        let (overlay, commands) = (overlay.setter(), commands.clone());
        move || {
            commands.cover(true);
            overlay.set(what);
        }
    };
    let signed_in = session.me().is_some();
    use_commands(vec![
        spec::PALETTE.bind(true, show(Overlay::Palette)),
        spec::SHORTCUTS.bind(true, show(Overlay::Shortcuts)),
        spec::KEY_SETTINGS.bind(true, show(Overlay::KeySettings)),
        spec::TOGGLE_THEME.bind(true, move || {
            if let Some(theme) = &theme {
                theme.toggle();
            }
        }),
        spec::GO_PROJECTS.bind(signed_in, move || {
            if let Some(navigator) = &navigator {
                navigator.push(&Route::Projects);
            }
        }),
        spec::SIGN_OUT.bind(signed_in, || {
            yew::platform::spawn_local(api_client::sign_out());
        }),
    ]);
    let close = {
        let (overlay, commands) = (overlay.setter(), commands.clone());
        Callback::from(move |()| {
            commands.cover(false);
            overlay.set(Overlay::None);
        })
    };
    let overlays = Overlays {
        palette: Callback::from({
            let show = show(Overlay::Palette);
            move |()| show()
        }),
        shortcuts: Callback::from({
            let show = show(Overlay::Shortcuts);
            move |()| show()
        }),
    };
    let overlays = use_memo((), |()| overlays);
    html! {
        <ContextProvider<Overlays> context={(*overlays).clone()}>
            <OfflineStrip />
            <Switch<Route> render={page} />
            { match *overlay {
                Overlay::None => html! {},
                Overlay::Palette => html! { <CommandPalette onclose={close} /> },
                Overlay::Shortcuts => {
                    let onchange = { let show = show(Overlay::KeySettings); Callback::from(move |()| show()) };
                    html! { <ShortcutSheet onclose={close} {onchange} /> }
                }
                Overlay::KeySettings => html! { <KeySettings onclose={close} /> },
            } }
        </ContextProvider<Overlays>>
    }
}

fn page(route: Route) -> Html {
    match route {
        Route::Home => html! { <pages::sign_in::Landing /> },
        Route::SignIn => html! { <pages::sign_in::SignIn /> },
        Route::SignUp => html! { <pages::sign_up::SignUp /> },
        Route::Reset { token } => html! { <pages::reset::Reset {token} /> },
        Route::Invite { token } => html! { <pages::invite::AcceptInvite {token} /> },
        Route::Projects => html! { <SignedIn><pages::projects::Projects /></SignedIn> },
        Route::Gallery { project_id } => {
            html! { <SignedIn><pages::gallery::Gallery key={project_id.to_string()} {project_id} /></SignedIn> }
        }
        Route::Settings { project_id } => {
            html! { <SignedIn><pages::settings::Settings key={project_id.to_string()} {project_id} /></SignedIn> }
        }
        Route::Models { project_id } => {
            html! { <SignedIn><pages::settings::Settings key={format!("{project_id}/models")} {project_id} models=true /></SignedIn> }
        }
        Route::Discussion { project_id } => {
            html! { <SignedIn><pages::discussion::Discussion key={project_id.to_string()} {project_id} /></SignedIn> }
        }
        #[cfg(target_arch = "wasm32")]
        Route::Annotate {
            project_id,
            image_id,
        } => {
            html! { <SignedIn><pages::annotate::Annotate key={project_id.to_string()} {project_id} {image_id} /></SignedIn> }
        }
        #[cfg(not(target_arch = "wasm32"))]
        Route::Annotate { .. } => html! {},
        Route::NotFound => html! { <NotFound /> },
    }
}

/// Shows its children to whoever is signed in and the sign-in page, with the way back, to others.
#[component]
fn SignedIn(props: &yew::html::ChildrenProps) -> Html {
    let session = use_session();
    match &session.state {
        SessionState::Ready(_) => props.children.clone(),
        SessionState::Loading => html! { <Spinner label={t!("loading")} /> },
        SessionState::Failed(error) => {
            html! { <ErrorState error={error.clone()} retry={session.reload.clone()} /> }
        }
        SessionState::SignedOut => html! { <ToSignIn /> },
    }
}

#[component]
fn ToSignIn() -> Html {
    let navigator = use_navigator();
    use_effect_with((), move |()| {
        let path = browser::window().location().pathname().unwrap_or_default();
        if let Some(navigator) = navigator {
            // The query is a plain map of strings, which always can be written.
            let _ = navigator.replace_with_query(&Route::SignIn, &[("next", path.as_str())]);
        }
    });
    html! {}
}

#[component]
fn NotFound() -> Html {
    html! {
        <main class="page-centred">
            <EmptyState icon={icon::SEARCH} title={t!("page-not-found")} text={t!("page-not-found-text")}>
                <Link<Route> to={Route::Projects} classes="button button-plain">{ t!("go-to-projects") }</Link<Route>>
            </EmptyState>
        </main>
    }
}

/// Tells everywhere that the network is gone; the annotation page says more in its own bar.
#[component]
fn OfflineStrip() -> Html {
    let online = use_state_eq(browser::is_online);
    {
        let online = online.setter();
        use_effect_with((), move |()| {
            let listen = |name: &'static str| {
                let online = online.clone();
                gloo::events::EventListener::new(&browser::window(), name, move |_| {
                    online.set(browser::is_online());
                })
            };
            let listeners = (listen("online"), listen("offline"));
            move || drop(listeners)
        });
    }
    let route = use_route::<Route>();
    let annotates = matches!(route, Some(Route::Annotate { .. }));
    if *online || annotates {
        return html! {};
    }
    html! { <div class="offline-strip" role="status">{ icon::CLOUD_OFF.html() }{ t!("offline-strip") }</div> }
}
