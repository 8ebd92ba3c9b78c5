//! A document in WebAssembly, for `bench/document.mjs` to weigh: one instance writes boxes, another
//! takes them in, edits each and gives them on.
//!
//! Built for wasm32 as a module of its own; JavaScript copies updates through [`reserve`].

// Exported symbols are all that this module has to offer.
#![allow(unsafe_code, clippy::unwrap_used)]

use std::cell::RefCell;
use uuid::Uuid;
use visionflow_document::{Document, Edit};
use visionflow_geometry::{Point, Rect};
use visionflow_model::{Annotation, AnnotationId, AttributeId, AttributeValue, LabelId, Shape};

thread_local! {
    static BYTES: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    static DOCUMENT: RefCell<Option<Document>> = const { RefCell::new(None) };
}

/// Room for an update of `len` bytes, to be written before [`load`].
#[unsafe(no_mangle)]
pub extern "C" fn reserve(len: usize) -> *mut u8 {
    BYTES.with_borrow_mut(|bytes| {
        *bytes = vec![0; len];
        bytes.as_mut_ptr()
    })
}

/// Where the bytes of [`save`] lie.
#[unsafe(no_mangle)]
pub extern "C" fn bytes() -> *const u8 {
    BYTES.with_borrow(Vec::as_ptr)
}

/// Writes `count` boxes with a label, an order and so many attributes each, one after another.
#[unsafe(no_mangle)]
pub extern "C" fn draw(count: u32, attributes: u32) {
    let mut document = Document::new(1);
    for n in 0..count {
        let mut annotation = Annotation::new(
            AnnotationId(Uuid::from_u128(u128::from(n) << 64 | 0xa5a5)),
            LabelId(Uuid::from_u128(u128::from(n % 10))),
            Shape::Box(place(n, 0.0)),
        );
        annotation.z = f64::from(n);
        annotation.attributes = (0..attributes)
            .map(|at| {
                let id = AttributeId(Uuid::from_u128(u128::from(at)));
                (id, AttributeValue::Text(format!("{}", n % 100)))
            })
            .collect();
        document.edit(&[Edit::Add(annotation)]).unwrap();
        if n % 1000 == 0 {
            document.forget_history();
            document.take_updates();
        }
    }
    document.forget_history();
    document.take_updates();
    DOCUMENT.set(Some(document));
}

/// Takes in what was written to [`reserve`], as a newcomer to the room does.
#[unsafe(no_mangle)]
pub extern "C" fn load() -> usize {
    let update = BYTES.take();
    let mut document = Document::new(2);
    document.apply_update(&update).unwrap();
    let count = document.len();
    DOCUMENT.set(Some(document));
    count
}

/// Gives every box another geometry: one gesture, one transaction and one undo step each, whose
/// update goes out at once.
#[unsafe(no_mangle)]
pub extern "C" fn edit_each() {
    DOCUMENT.with_borrow_mut(|document| {
        let document = document.as_mut().unwrap();
        let ids: Vec<AnnotationId> = document.annotations().map(|a| a.id).collect();
        for (n, id) in (0..).zip(ids) {
            let shape = Shape::Box(place(n, 0.5));
            document.edit(&[Edit::SetShape(id, shape)]).unwrap();
            document.take_updates();
        }
    });
}

/// The whole document as one update; its length.
#[unsafe(no_mangle)]
pub extern "C" fn save() -> usize {
    let update = DOCUMENT.with_borrow(|document| document.as_ref().unwrap().diff(&[]).unwrap());
    let len = update.len();
    BYTES.set(update);
    len
}

fn place(n: u32, by: f64) -> Rect {
    let corner = Point::new(
        f64::from(n % 300) * 13.0 + by,
        f64::from(n / 300) * 11.25 + by,
    );
    Rect::from_corners(corner, Point::new(corner.x + 9.5, corner.y + 7.25))
}
