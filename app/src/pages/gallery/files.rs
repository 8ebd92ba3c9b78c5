//! How files come in: dropped on the page, or chosen in the browser's picker.

use crate::components::icon;
use crate::t;
use crate::uploads::{Dropped, from_file_list, from_transfer};
use web_sys::HtmlInputElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct DropTargetProps {
    pub enabled: bool,
    pub ondrop: Callback<Vec<Dropped>>,
    pub children: Html,
}

/// Takes files and folders that are dropped anywhere on its children.
#[component]
pub fn DropTarget(props: &DropTargetProps) -> Html {
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
pub struct FilePickerProps {
    pub node: NodeRef,
    pub label: AttrValue,
    pub folder: bool,
    pub onpick: Callback<Vec<Dropped>>,
}

/// The browser's own picker, opened by a button elsewhere.
#[component]
pub fn FilePicker(props: &FilePickerProps) -> Html {
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
            accept={(!folder).then_some("image/jpeg,image/png,image/tiff,.tif,.tiff,image/webp,image/bmp,image/gif")} />
    }
}
