//! The frame of the pages for people who are not signed in.

use crate::components::icon;
use crate::components::shell::{Mark, ThemeToggle};
use crate::t;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct AuthCardProps {
    pub title: AttrValue,
    #[prop_or_default]
    pub text: AttrValue,
    pub children: Html,
    /// Below the card: the other way in.
    #[prop_or_default]
    pub foot: Html,
}

#[component]
pub fn AuthCard(props: &AuthCardProps) -> Html {
    use_effect_with(props.title.clone(), |title| {
        crate::browser::set_title(&t!("tab-title", page = title.to_string()));
    });
    html! {
        <div class="auth">
            <div class="auth-theme"><ThemeToggle /></div>
            <main class="auth-main">
                <div class="auth-logo"><Mark />{ t!("app-name") }</div>
                <div class="auth-card">
                    <h1>{ &props.title }</h1>
                    if !props.text.is_empty() { <p class="auth-text">{ &props.text }</p> }
                    { props.children.clone() }
                </div>
                <div class="auth-foot">{ props.foot.clone() }</div>
            </main>
            <aside class="auth-picture" aria-hidden="true"><Scenery /></aside>
        </div>
    }
}

#[derive(Properties, PartialEq)]
pub struct FormErrorProps {
    pub error: Option<AttrValue>,
}

/// Why a form was not accepted, above its button.
#[component]
pub fn FormError(props: &FormErrorProps) -> Html {
    let error = &props.error;
    match error {
        Some(error) => {
            html! { <p class="form-error" role="alert">{ icon::CIRCLE_ALERT.html() }<span>{ error }</span></p> }
        }
        None => html! {},
    }
}

/// What the workbench is for, drawn with its own means: shapes, handles, two people's cursors.
#[component]
fn Scenery() -> Html {
    html! {
        <svg viewBox="0 0 640 640" preserveAspectRatio="xMidYMid slice">
            <defs>
                <pattern id="dots" width="24" height="24" patternUnits="userSpaceOnUse">
                    <circle cx="1.5" cy="1.5" r="1" fill="var(--border)" />
                </pattern>
            </defs>
            <rect width="640" height="640" fill="url(#dots)" />
            <g class="scenery-box" style="--c:#3e9bff">
                <rect x="104" y="196" width="196" height="132" />
                <path class="handle" d="M100 192h8v8h-8zM296 192h8v8h-8zM100 324h8v8h-8zM296 324h8v8h-8z" />
                <path class="tag" d="M103 172h36v20h-36z" /><text x="109" y="187">{ "car" }</text>
            </g>
            <g class="scenery-box" style="--c:#30a46c">
                <path d="M352 300 L398 236 L470 222 L528 268 L520 352 L452 398 L376 372 Z" />
                <circle class="handle" cx="352" cy="300" r="4.500" /><circle class="handle" cx="398" cy="236" r="4.5" />
                <circle class="handle" cx="470" cy="222" r="4.5" /><circle class="handle" cx="528" cy="268" r="4.5" />
                <circle class="handle" cx="520" cy="352" r="4.5" /><circle class="handle" cx="452" cy="398" r="4.5" />
                <circle class="handle" cx="376" cy="372" r="4.5" />
            </g>
            <g class="scenery-box scenery-ghost" style="--c:#f76b15"><rect x="176" y="396" width="128" height="88" /></g>
            <g class="scenery-cursor" transform="translate(304 484)" style="--c:#ab4aba">
                <path d="M0 0l4.500 15 3.500-6 6.500-2.500z" /><rect x="12" y="16" width="42" height="20" rx="4" /><text x="19" y="30">{ "Grace" }</text>
            </g>
            <g class="scenery-cursor" transform="translate(528 352)" style="--c:#3e63dd">
                <path d="M0 0l4.500 15 3.500-6 6.500-2.500z" /><rect x="12" y="16" width="32" height="20" rx="4" /><text x="18" y="30">{ "Ada" }</text>
            </g>
        </svg>
    }
}
