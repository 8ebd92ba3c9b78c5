//! What a page shows when it has nothing to show: loading, empty, failed.

use super::button::{Button, Tone};
use super::icon::{self, Icon};
use crate::api_client::ApiError;
use crate::t;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct SpinnerProps {
    pub label: AttrValue,
}

#[component]
pub fn Spinner(props: &SpinnerProps) -> Html {
    let label = &props.label;
    html! { <div class="state" role="status" aria-label={label.clone()}><span class="spinner spinner-large" /></div> }
}

#[derive(Properties, PartialEq)]
pub struct SkeletonProps {
    pub class: AttrValue,
    pub count: usize,
}

/// Grey blocks in the shape of what is coming.
#[component]
pub fn Skeleton(props: &SkeletonProps) -> Html {
    let class = &props.class;
    let count = props.count;
    html! {
        <div class={classes!("skeletons", class.to_string())} role="status" aria-label={t!("loading")}>
            { for (0..count).map(|_| html! { <div class="skeleton" /> }) }
        </div>
    }
}

#[derive(Properties, PartialEq)]
pub struct EmptyStateProps {
    pub icon: Icon,
    pub title: AttrValue,
    #[prop_or_default]
    pub text: AttrValue,
    #[prop_or_default]
    pub children: Html,
}

#[component]
pub fn EmptyState(props: &EmptyStateProps) -> Html {
    let icon = props.icon;
    let title = &props.title;
    let text = &props.text;
    let children = &props.children;
    html! {
        <div class="state">
            <span class="state-icon">{ icon.html() }</span>
            <h2>{ title }</h2>
            if !text.is_empty() { <p>{ text }</p> }
            <div class="state-actions">{ children.clone() }</div>
        </div>
    }
}

#[derive(Properties, PartialEq)]
pub struct ErrorStateProps {
    pub error: ApiError,
    #[prop_or_default]
    pub retry: Option<Callback<()>>,
}

#[component]
pub fn ErrorState(props: &ErrorStateProps) -> Html {
    let error = &props.error;
    let retry = &props.retry;
    let offline = *error == ApiError::Offline;
    let (shown, title) = if offline {
        (icon::CLOUD_OFF, t!("state-offline"))
    } else if error.is_not_found() {
        (icon::SEARCH, t!("state-not-found"))
    } else {
        (icon::CIRCLE_ALERT, t!("state-error"))
    };
    html! {
        <div class="state" role="alert">
            <span class="state-icon">{ shown.html() }</span>
            <h2>{ title }</h2>
            <p>{ error.words() }</p>
            if let Some(id) = error.request_id() {
                <p class="state-detail">{ t!("state-request-id", id = id.to_owned()) }</p>
            }
            if let Some(retry) = retry {
                <div class="state-actions">
                    <Button label={t!("action-retry")} icon={icon::REFRESH_CW} tone={Tone::Plain} onclick={retry.reform(|_| ())} />
                </div>
            }
        </div>
    }
}
