//! Who wants to hear of something, for as long as they do.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

type Watcher<E> = Rc<dyn Fn(&E)>;

struct Numbered<E> {
    all: Vec<(u32, Watcher<E>)>,
    last: u32,
}

/// Those who are told of every event `E`.
pub struct Watchers<E>(Rc<RefCell<Numbered<E>>>);

impl<E> Default for Watchers<E> {
    fn default() -> Self {
        let none = Numbered {
            all: Vec::new(),
            last: 0,
        };
        Self(Rc::new(RefCell::new(none)))
    }
}

impl<E: 'static> Watchers<E> {
    /// Calls `watcher` with every event until the result is dropped.
    pub fn watch(&self, watcher: impl Fn(&E) + 'static) -> Watch<E> {
        let mut list = self.0.borrow_mut();
        list.last += 1;
        let id = list.last;
        list.all.push((id, Rc::new(watcher)));
        Watch {
            id,
            list: Rc::downgrade(&self.0),
        }
    }

    /// Tells everyone who watches now; they may begin and end to watch meanwhile.
    pub fn tell(&self, event: &E) {
        let all: Vec<Watcher<E>> = {
            let list = self.0.borrow();
            list.all
                .iter()
                .map(|(_, watcher)| watcher.clone())
                .collect()
        };
        for watcher in all {
            watcher(event);
        }
    }
}

/// Ends the watching when dropped.
#[must_use = "the watching ends with it"]
pub struct Watch<E> {
    id: u32,
    list: Weak<RefCell<Numbered<E>>>,
}

impl<E> Drop for Watch<E> {
    fn drop(&mut self) {
        if let Some(list) = self.list.upgrade() {
            list.borrow_mut().all.retain(|(id, _)| *id != self.id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everyone_hears_until_they_are_dropped() {
        let watchers = Watchers::<u32>::default();
        let heard: Rc<RefCell<Vec<(char, u32)>>> = Rc::default();
        let listen = |name: char| {
            let heard = heard.clone();
            watchers.watch(move |event| heard.borrow_mut().push((name, *event)))
        };
        let (a, b) = (listen('a'), listen('b'));
        watchers.tell(&1);
        drop(a);
        watchers.tell(&2);
        assert_eq!(*heard.borrow(), [('a', 1), ('b', 1), ('b', 2)]);
        drop(watchers);
        drop(b);
    }

    #[test]
    fn a_watcher_may_end_another_while_it_hears() {
        let watchers = Watchers::<()>::default();
        let other: Rc<RefCell<Option<Watch<()>>>> = Rc::default();
        let _first = {
            let other = other.clone();
            watchers.watch(move |()| drop(other.borrow_mut().take()))
        };
        *other.borrow_mut() = Some(watchers.watch(|()| {}));
        watchers.tell(&());
        assert!(other.borrow().is_none());
    }
}
