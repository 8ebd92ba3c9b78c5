//! Who is signed in: read once, shared with every page.

use crate::api_client::{self, ApiError};
use crate::browser;
use std::rc::Rc;
use uuid::Uuid;
use visionflow_api::{Me, Workspace};
use yew::platform::spawn_local;
use yew::prelude::*;

/// The last answer to `/me`, so that a reload without network still opens the workbench.
const STORED_ME: &str = "visionflow.me";
const STORED_WORKSPACE: &str = "visionflow.workspace";

#[derive(Clone, Debug, PartialEq)]
pub enum SessionState {
    SignedOut,
    Loading,
    Ready(Rc<Me>),
    Failed(ApiError),
}

#[derive(Clone, PartialEq)]
pub struct SessionContext {
    pub state: SessionState,
    pub reload: Callback<()>,
    workspace_id: Option<Uuid>,
    pub choose_workspace: Callback<Uuid>,
}

impl SessionContext {
    pub fn me(&self) -> Option<&Rc<Me>> {
        match &self.state {
            SessionState::Ready(me) => Some(me),
            _ => None,
        }
    }

    /// The workspace that the person works in: the last chosen, or the first.
    pub fn workspace(&self) -> Option<&Workspace> {
        let all = &self.me()?.workspaces;
        all.iter()
            .find(|w| Some(w.id) == self.workspace_id)
            .or_else(|| all.first())
    }
}

#[component]
pub fn SessionProvider(props: &yew::html::ChildrenProps) -> Html {
    let state = use_state_eq(|| match (api_client::has_session(), stored_me()) {
        (false, _) => SessionState::SignedOut,
        (true, Some(me)) => SessionState::Ready(Rc::new(me)),
        (true, None) => SessionState::Loading,
    });
    let workspace_id =
        use_state_eq(|| browser::stored(STORED_WORKSPACE).and_then(|id| id.parse().ok()));
    let reload = {
        let state = state.setter();
        use_callback((), move |(), ()| read_me(state.clone()))
    };
    {
        let reload = reload.clone();
        use_effect_with((), move |()| {
            reload.emit(());
            let watch = api_client::on_session_change(move || reload.emit(()));
            move || drop(watch)
        });
    }
    let choose_workspace = {
        let workspace_id = workspace_id.clone();
        use_callback((), move |id: Uuid, ()| {
            browser::store(STORED_WORKSPACE, &id.to_string());
            workspace_id.set(Some(id));
        })
    };
    let context = SessionContext {
        state: (*state).clone(),
        reload,
        workspace_id: *workspace_id,
        choose_workspace,
    };
    html! { <ContextProvider<SessionContext> {context}>{ props.children.clone() }</ContextProvider<SessionContext>> }
}

fn stored_me() -> Option<Me> {
    let me: Me = serde_json::from_str(&browser::stored(STORED_ME)?).ok()?;
    (api_client::current_session()?.user.id == me.id).then_some(me)
}

fn read_me(state: UseStateSetter<SessionState>) {
    if !api_client::has_session() {
        crate::resource::forget_known();
        crate::pages::image_list::forget_known();
        browser::forget(STORED_ME);
        state.set(SessionState::SignedOut);
        return;
    }
    let known = stored_me();
    if known.is_none() {
        state.set(SessionState::Loading);
    }
    spawn_local(async move {
        match api_client::get::<Me>("/api/v1/me").await {
            Ok(me) => {
                if let Ok(text) = serde_json::to_string(&me) {
                    browser::store(STORED_ME, &text);
                }
                state.set(SessionState::Ready(Rc::new(me)));
            }
            Err(ApiError::SignedOut) => state.set(SessionState::SignedOut),
            // Whoever was here stays, until the network says otherwise.
            Err(ApiError::Offline) if known.is_some() => {}
            Err(error) => state.set(SessionState::Failed(error)),
        }
    });
}

/// The session, for a component below the provider.
#[hook]
pub fn use_session() -> SessionContext {
    use_context::<SessionContext>().expect("pages stand below SessionProvider")
}

/// Where toasts go, for a component below the provider.
#[hook]
pub fn use_toasts() -> crate::components::Toasts {
    use_context::<crate::components::Toasts>().unwrap_or_default()
}
