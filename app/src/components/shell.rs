//! The bar on top of every page but the annotation page, and the page's frame below it.

use super::avatar::Avatar;
use super::button::IconButton;
use super::icon;
use super::menu::{Menu, MenuItem};
use crate::api_client;
use crate::commands::keymap::use_keymap;
use crate::commands::spec;
use crate::notifications::Bell;
use crate::router::{Overlays, Route};
use crate::session::use_session;
use crate::t;
use crate::theme::{Theme, ThemeContext};
use crate::uploads::Uploads;
use yew::prelude::*;
use yew_router::prelude::*;

#[derive(Properties, PartialEq)]
pub struct ShellProps {
    /// The title of the browser's tab.
    pub title: AttrValue,
    /// What stands behind the logo: the way here.
    #[prop_or_default]
    pub crumbs: Html,
    /// Actions of the page, right in the bar.
    #[prop_or_default]
    pub actions: Html,
    pub children: Html,
}

#[component]
pub fn Shell(props: &ShellProps) -> Html {
    use_keymap();
    use_effect_with(props.title.clone(), |title| {
        crate::browser::set_title(&t!("tab-title", page = title.to_string()));
    });
    let overlays = use_context::<Overlays>();
    html! {
        <div class="shell">
            <header class="bar">
                <Link<Route> to={Route::Projects} classes="bar-logo">
                    <Mark /><span>{ t!("app-name") }</span>
                </Link<Route>>
                <nav class="crumbs" aria-label={t!("breadcrumbs")}>{ props.crumbs.clone() }</nav>
                <div class="bar-actions">
                    <UploadsRunning />
                    { props.actions.clone() }
                    if let Some(overlays) = overlays {
                        <IconButton label={t!("command-palette")} icon={icon::COMMAND} keys={spec::PALETTE.key()}
                            onclick={overlays.palette.reform(|_| ())} />
                        <IconButton label={t!("command-shortcuts")} icon={icon::KEYBOARD} keys={spec::SHORTCUTS.key()}
                            onclick={overlays.shortcuts.reform(|_| ())} />
                    }
                    <Bell />
                    <ThemeToggle />
                    <UserMenu />
                </div>
            </header>
            { props.children.clone() }
        </div>
    }
}

/// VisionFlow's mark: a box with two handles.
#[component]
pub fn Mark() -> Html {
    html! {
        <svg class="mark" width="18" height="18" viewBox="0 0 32 32" aria-hidden="true">
            <rect width="32" height="32" rx="8" fill="var(--accent)" />
            <path d="M9 9h14v14H9z" fill="none" stroke="#fff" stroke-width="2.5" />
            <path d="M6.5 6.5h5v5h-5zM20.5 20.5h5v5h-5z" fill="#fff" />
        </svg>
    }
}

#[component]
pub fn ThemeToggle() -> Html {
    let Some(context) = use_context::<ThemeContext>() else {
        return html! {};
    };
    let (shown, label) = match context.theme {
        Theme::Dark => (icon::SUN, t!("theme-light")),
        Theme::Light => (icon::MOON, t!("theme-dark")),
    };
    let onclick = move |_| context.toggle();
    html! { <IconButton {label} icon={shown} onclick={Callback::from(onclick)} /> }
}

#[component]
pub fn UserMenu() -> Html {
    let session = use_session();
    let Some(me) = session.me().cloned() else {
        return html! {};
    };
    let items = vec![MenuItem::new(t!("command-sign-out"), icon::LOG_OUT, || {
        yew::platform::spawn_local(api_client::sign_out());
    })];
    let head = html! {
        <div class="menu-head"><strong>{ &me.name }</strong><span>{ &me.email }</span></div>
    };
    html! {
        <Menu label={t!("account")} {items} {head} align_right=true class="user-menu">
            <Avatar name={me.name.clone()} id={me.id.to_string()} />
        </Menu>
    }
}

#[derive(Properties, PartialEq)]
pub struct CrumbProps {
    pub text: AttrValue,
    #[prop_or_default]
    pub to: Option<Route>,
}

/// A step on the way: a link, or the end of it.
#[component]
pub fn Crumb(props: &CrumbProps) -> Html {
    let text = &props.text;
    let to = &props.to;
    html! {
        <>
            <span class="crumb-mark" aria-hidden="true">{ "/" }</span>
            if let Some(to) = to {
                <Link<Route> to={to.clone()} classes="crumb">{ text }</Link<Route>>
            } else {
                <span class="crumb crumb-here" aria-current="page">{ text }</span>
            }
        </>
    }
}

/// Says on every page that files are on their way; the gallery shows which.
#[component]
fn UploadsRunning() -> Html {
    let uploads = use_context::<Uploads>().unwrap_or_default();
    let open = use_state_eq(|| uploads.open_count());
    {
        let open = open.setter();
        use_effect_with(uploads, move |uploads| {
            let watched = uploads.clone();
            let watch = uploads.watch(move |_| open.set(watched.open_count()));
            move || drop(watch)
        });
    }
    if *open == 0 {
        return html! {};
    }
    html! {
        <span class="chip" role="status" aria-label={t!("uploads-running-label")}>
            <span class="spinner" />{ t!("uploads-open", n = *open as i64) }
        </span>
    }
}
