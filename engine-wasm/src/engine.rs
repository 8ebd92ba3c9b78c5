//! The engine: one canvas with its photograph, its annotations and its tools.
//!
//! [`Engine`] is the handle that embedders hold; what it does lives in the modules below:
//! `state` (what there is), `changes` (how edits flow), `settle` (what others are told), `view` (camera and sizes), `frame` (drawing), `rehearsal` (what a first click would wait for),
//! `pointer` and `keys` (gestures), `assist` (the model of the smart tool), `models` (those that are registered), `suggestions` (what they propose), `past` (an earlier state in place of the present), `item` (photograph and room), `presence` and `follow` (other people).

mod assist;
mod changes;
mod commands;
mod embed;
mod follow;
mod frame;
mod inner;
mod item;
mod keys;
mod models;
mod past;
mod pixels;
mod pointer;
mod presence;
mod rehearsal;
mod settings;
mod settle;
mod state;
mod suggestions;
mod tiles;
mod view;

pub use assist::{
    AssistPhase, AssistSpeed, Embedder, Embedding, EmbeddingFuture, EncodeAt, GpuTrial, Like, Look,
    Speed, Speeds,
};
pub use models::{Detecting, Detection, ModelFile, ModelToRun, Seen};
pub use past::PastView;
pub use settings::ViewOptions;
pub use suggestions::{Proposal, Run, SuggestionCounts};

pub(crate) use inner::Inner;
pub(crate) use pointer::{PointerEvent, PointerKind};
pub(crate) use state::State;

use crate::{
    EngineError, EngineEvent, EngineOptions, Peer, RoomConfig, RoomServer, SaveState, Subscription,
    Theme,
};
use std::borrow::Borrow;
use std::rc::{Rc, Weak};
use uuid::Uuid;
use visionflow_document::{Edit, EditError, UpdateError};
use visionflow_geometry::Rect;
use visionflow_model::{Annotation, AnnotationId, LabelId, Ontology, Presence};
use visionflow_tools::ToolKind;
use web_sys::HtmlCanvasElement;

/// A cheap handle to the engine on one canvas.
///
/// The last handle dropped does not end the engine, [`Engine::destroy`] does.
#[derive(Clone)]
pub struct Engine(Rc<Inner>);

/// A handle to an engine that may be gone.
#[derive(Clone)]
pub struct WeakEngine(Weak<Inner>);

impl WeakEngine {
    pub fn upgrade(&self) -> Option<Engine> {
        self.0.upgrade().map(Engine)
    }
}

impl PartialEq for Engine {
    /// Whether both are handles to the same engine.
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Engine {
    /// Starts an engine on `canvas`, whose size its style sets and the engine follows.
    pub async fn mount(
        canvas: HtmlCanvasElement,
        options: EngineOptions,
    ) -> Result<Self, EngineError> {
        Inner::mount(canvas, options).await.map(Self)
    }

    /// Shows a photograph of `width` × `height` pixels (EXIF applied).
    ///
    /// The size is shown at once and annotations can be drawn; the call ends when the picture is
    /// on the GPU, with [`EngineError::Superseded`] when another one was opened meanwhile.
    pub async fn open_image(&self, url: &str, width: u32, height: u32) -> Result<(), EngineError> {
        self.0.open_image(url, width, height).await
    }

    /// Starts an empty document, fills it from this browser's journal and joins the room.
    pub fn connect(&self, config: RoomConfig) {
        self.connect_to(config, RoomServer::VisionFlow);
    }

    /// The same with any server of the y-websocket protocol.
    pub fn connect_to(&self, config: RoomConfig, server: RoomServer) {
        self.0.connect(config, server);
    }

    /// A handle that does not keep the engine alive.
    pub fn downgrade(&self) -> WeakEngine {
        WeakEngine(Rc::downgrade(&self.0))
    }

    /// Leaves the room and shows nothing; the journal keeps what was not acknowledged.
    pub fn close_item(&self) {
        self.0.close_item();
    }

    /// Labels with their names and colours.
    pub fn set_ontology(&self, ontology: impl Borrow<Ontology>) {
        self.0.with(|state| state.set_ontology(ontology.borrow()));
    }

    pub fn set_theme(&self, theme: Theme) {
        self.0.with(|state| state.set_theme(theme));
    }

    /// Ends the gesture in progress and takes another tool.
    pub fn set_tool(&self, tool: ToolKind) {
        self.0.with(|state| state.set_tool(tool));
    }

    pub fn tool(&self) -> ToolKind {
        self.0.read(|state| state.toolbox.active())
    }

    /// The label of what is drawn next.
    pub fn set_label(&self, label: Option<LabelId>) {
        self.0.with(|state| state.set_label(label));
    }

    pub fn label(&self) -> Option<LabelId> {
        self.0.read(|state| state.label)
    }

    /// What can be done next with the active tool.
    pub fn hint(&self) -> visionflow_tools::Hint {
        self.0.read(|state| state.hint)
    }

    /// Makes all edits as one undo step, or none.
    pub fn edit(&self, edits: impl AsRef<[Edit]>) -> Result<(), EditError> {
        self.0.with(|state| state.edit(edits.as_ref()))
    }

    pub fn undo(&self) {
        self.0.with(State::undo);
    }

    pub fn redo(&self) {
        self.0.with(State::redo);
    }

    pub fn can_undo(&self) -> bool {
        self.0.read(State::can_undo)
    }

    pub fn can_redo(&self) -> bool {
        self.0.read(|state| state.document.can_redo())
    }

    /// Makes everything so far final, and frees what undo kept.
    pub fn forget_history(&self) {
        self.0.with(|state| state.document.forget_history());
    }

    /// Takes in an update (lib0 v1) of another replica, as if it had come from the room.
    pub fn apply_update(&self, update_v1: &[u8]) -> Result<(), UpdateError> {
        self.0.with(|state| {
            let change = state.document.apply_update(update_v1)?;
            state.took(&change);
            Ok(())
        })
    }

    /// The whole document as one update (lib0 v1).
    pub fn encode_state(&self) -> Vec<u8> {
        self.0
            .read(|state| state.document.diff(&[]))
            .expect("an empty state vector is a valid one")
    }

    pub fn delete_selection(&self) {
        self.0.with(State::delete_selection);
    }

    pub fn select(&self, ids: &[AnnotationId]) {
        self.0.with(|state| state.select(ids));
    }

    pub fn selection(&self) -> Vec<AnnotationId> {
        self.0.read(|state| state.toolbox.selection().to_vec())
    }

    /// Lights up an annotation, as the pointer over it does.
    pub fn set_hover(&self, id: Option<AnnotationId>) {
        self.0.with(|state| state.set_hover(id));
    }

    pub fn hover(&self) -> Option<AnnotationId> {
        self.0.read(|state| state.hover)
    }

    /// Annotations that are neither drawn nor picked, in this browser only.
    pub fn set_hidden(&self, ids: &[AnnotationId]) {
        self.0.with(|state| state.set_hidden(ids));
    }

    /// Lets go of what is selected and hidden: keys and strokes are about what is seen.
    pub fn deselect_hidden(&self) {
        self.0.with(State::deselect_hidden);
    }

    /// Zooms around the middle of the view.
    pub fn zoom_by(&self, factor: f64) {
        self.0.with(|state| state.zoom_by(factor));
    }

    pub fn zoom_to_fit(&self) {
        self.0.with(State::zoom_to_fit);
    }

    /// One image pixel per device pixel.
    pub fn zoom_to_actual(&self) {
        self.0.with(State::zoom_to_actual);
    }

    /// Shows these annotations with some room around them.
    pub fn zoom_to(&self, ids: &[AnnotationId]) {
        self.0.with(|state| state.zoom_to(ids));
    }

    /// Moves the picture by CSS pixels.
    pub fn pan_by(&self, x: f64, y: f64) {
        self.0.with(|state| state.pan_by(x, y));
    }

    /// CSS pixels per image pixel.
    pub fn camera_scale(&self) -> f64 {
        self.0.read(|state| state.camera.scale())
    }

    /// Device pixels per image pixel: 1 is what a person calls 100 %.
    pub fn zoom(&self) -> f64 {
        self.0
            .read(|state| state.camera.scale() * state.viewport.pixel_ratio)
    }

    /// The part of image space in view.
    pub fn visible(&self) -> Rect {
        self.0.read(|state| state.camera.visible(state.viewport))
    }

    /// All annotations, topmost last.
    pub fn annotations(&self) -> Vec<Annotation> {
        self.0.read(State::sorted_annotations)
    }

    pub fn annotation_count(&self) -> usize {
        self.0.read(|state| state.document.len())
    }

    pub fn annotation(&self, id: AnnotationId) -> Option<Annotation> {
        self.0.read(|state| state.document.get(id).cloned())
    }

    /// Looks at one annotation without copying it; `f` must not call the engine.
    pub fn with_annotation<R>(
        &self,
        id: AnnotationId,
        f: impl FnOnce(&Annotation) -> R,
    ) -> Option<R> {
        self.0.read(|state| state.document.get(id).map(f))
    }

    /// Looks at every annotation, in any order; `f` must not call the engine.
    pub fn visit_annotations(&self, f: impl FnMut(&Annotation)) {
        self.0
            .read(|state| state.document.annotations().for_each(f));
    }

    /// Which client drew each annotation, read from all of the document.
    pub fn authors(&self) -> std::collections::HashMap<AnnotationId, u64> {
        self.0.read(|state| state.document.authors())
    }

    /// Under which client id this person's edits stand.
    pub fn client_id(&self) -> u64 {
        self.0.read(|state| state.document.client_id())
    }

    /// The other people in the room.
    pub fn peers(&self) -> Vec<Peer> {
        self.0.read(State::peers)
    }

    /// Shows what the client with this id sees, from now on until the person looks around.
    pub fn follow(&self, client_id: Option<u64>) {
        self.0.with(|state| state.follow(client_id));
    }

    /// Who is followed.
    pub fn following(&self) -> Option<u64> {
        self.0.read(State::following)
    }

    /// Shows once where the client with this id is.
    pub fn look_where(&self, client_id: u64) {
        self.0.with(|state| state.look_where(client_id));
    }

    /// What this person shows to the others.
    pub fn presence(&self) -> Presence {
        self.0.read(|state| state.presence.clone())
    }

    /// Tells the others in the room that this person writes in a thread of comments; what is not
    /// heard is lost.
    pub fn tell_typing(&self, thread_id: Uuid) {
        self.0.read(|state| state.tell_typing(thread_id));
    }

    pub fn save_state(&self) -> SaveState {
        self.0.read(State::save_state)
    }

    pub fn can_edit(&self) -> bool {
        self.0.read(|state| state.can_edit && state.past.is_none())
    }

    /// `webgpu` or `webgl2`.
    pub fn backend_name(&self) -> &'static str {
        self.0.read(State::backend_name)
    }

    /// How many frames were drawn since the start; constant while nothing changes.
    pub fn frames_drawn(&self) -> u64 {
        self.0.read(|state| state.stats.frames)
    }

    /// Draws now instead of with the next animation frame; milliseconds of main-thread time.
    pub fn draw_now(&self) -> f64 {
        self.0.draw_now()
    }

    /// What a test or a bug report wants to know, as JSON.
    pub fn debug_state(&self) -> String {
        self.0.read(State::debug_json)
    }

    /// Pretends that the GPU was lost; the engine recovers as from a real loss.
    pub fn lose_device(&self) {
        self.0.lose_device();
    }

    pub fn subscribe(&self, callback: Rc<dyn Fn(&EngineEvent)>) -> Subscription {
        self.0.subscribers.subscribe(callback)
    }

    /// Leaves the room, stops listening and frees the GPU; everything later is without effect.
    pub fn destroy(&self) {
        self.0.destroy();
    }
}
