//! Following an element's size.

use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{HtmlElement, ResizeObserver};
use yew::prelude::*;

/// Calls `measure` with the element of `node` once it is there and whenever its size has changed.
#[hook]
pub fn use_resized(node: NodeRef, measure: Rc<dyn Fn(&HtmlElement)>) {
    use_effect_with((), move |()| {
        let watched = node.cast::<HtmlElement>().map(|element| {
            measure(&element);
            let callback = {
                let element = element.clone();
                Closure::<dyn Fn()>::new(move || measure(&element))
            };
            let observer = ResizeObserver::new(callback.as_ref().unchecked_ref()).ok();
            if let Some(observer) = &observer {
                observer.observe(&element);
            }
            (observer, callback)
        });
        move || {
            if let Some((Some(observer), _callback)) = watched {
                observer.disconnect();
            }
        }
    });
}
