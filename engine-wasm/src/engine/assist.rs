//! The segmentation model beside the engine: when it is loaded, which photograph it looks at, and
//! what it is asked.
//!
//! It runs in a worker; nothing is loaded before the smart tool is used, and no pixel leaves the
//! page: a server that helps ([`elsewhere`]) has the photograph already. What is to be done next
//! follows from the state, and is asked for after every change ([`State::assist_next`]): the worker,
//! then the photograph, then the prompt. One prompt is on its way at a time; when it is answered, the
//! latest follows.

mod client;
mod elsewhere;
pub(super) mod pixels;
mod said;
mod similar;
mod speed;

pub use elsewhere::{Embedder, Embedding, EmbeddingFuture, EncodeAt};
pub use similar::Like;
pub use speed::{AssistSpeed, GpuTrial, Look, Speed, Speeds};

use super::{Engine, State};
use crate::EngineEvent;
use crate::image::PhotoPixels;
use crate::inference::AssistOptions;
use client::Client;
use said::Said;
use std::cell::Cell;
use std::rc::Rc;
use visionflow_tools::{Answer, Ask, Input, SmartInput, SmartState, ToolKind};

/// So many photographs the worker keeps ready.
const KEPT: usize = 16;
/// The model that is used where no other is chosen.
const BUILT_IN: &str = "MobileSAM";
/// A worker that dies this often in a row is not started again by itself.
const DEATHS: u32 = 2;

/// How far the model is, for the person who waits for it.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum AssistPhase {
    /// There is none: [`Engine::set_assist`] was not called.
    #[default]
    Off,
    /// Not loaded, as nobody has needed it.
    Idle,
    /// Bytes, so far and in all; 0 in all while that is not known.
    Loading {
        received: f64,
        total: f64,
    },
    /// It has to see the whole photograph once, and this one shows a part of its tiles.
    ZoomOut,
    /// It looks at the photograph.
    Encoding,
    /// A server looks at the photograph instead.
    EncodingElsewhere,
    Ready,
    /// Why it does not work; [`Engine::retry_assist`] tries again.
    Failed(String),
}

#[derive(Default)]
pub struct Assist {
    options: Option<AssistOptions>,
    client: Option<Client>,
    is_loaded: bool,
    progress: (f64, f64),
    failed: Option<String>,
    deaths: u32,
    /// The photograph on the canvas.
    key: Option<String>,
    /// The next one, to be made ready while nothing else is to do.
    ahead: Option<pixels::Ahead>,
    /// Of which module and model figures are; told when they are loaded.
    module: Option<speed::Module>,
    /// Whether this worker encodes by the graphics processor, once that was tried.
    gpu: Option<GpuTrial>,
    /// What the worker has, the latest last.
    encoded: Vec<(String, Look)>,
    /// What is being read or encoded.
    encoding: Option<String>,
    /// The request by which the worker does that.
    encode_id: Option<u32>,
    elsewhere: elsewhere::Elsewhere,
    wanted: Option<Ask>,
    is_answered: bool,
    in_flight: Option<Question>,
    pub(super) smart: SmartState,
    told: AssistPhase,
    /// The smart tool was used, here or by an engine before this one.
    was_used: Rc<Cell<bool>>,
    /// What is like a shape is looked for.
    search: Option<similar::Search>,
}

/// What the worker was asked last.
struct Question {
    id: u32,
    ask: Ask,
    key: String,
}

impl Engine {
    /// Where the model's files are; `None` for none. Nothing is loaded by this.
    pub fn set_assist(&self, options: Option<AssistOptions>) {
        self.0.with(|state| {
            if state.assist.options != options {
                state.assist.forget_worker();
                state.assist.failed = None;
                state.assist.options = options;
            }
        });
    }

    pub fn assist(&self) -> AssistPhase {
        self.0.read(State::assist_phase)
    }

    /// How far the smart tool is.
    pub fn smart(&self) -> SmartState {
        self.0.read(|state| state.assist.smart)
    }

    /// What a person does with the smart tool by buttons.
    pub fn smart_input(&self, input: SmartInput) {
        self.0.with(|state| {
            state.input(&Input::Smart(input));
        });
    }

    /// Takes the smart tool and has it propose every object.
    pub fn smart_everything(&self) {
        self.0.with(|state| {
            state.set_tool(ToolKind::Smart);
            state.input(&Input::Smart(SmartInput::Everything));
        });
    }

    /// Tries again after [`AssistPhase::Failed`].
    pub fn retry_assist(&self) {
        self.0.with(|state| {
            state.assist.forget_worker();
            state.assist.failed = None;
            state.assist.deaths = 0;
        });
    }

    /// The photograph that will probably be opened next, of `width` × `height` pixels: the model
    /// looks at it when it has nothing else to do, provided that it is used at all.
    pub fn prepare_image(&self, url: &str, width: u32, height: u32) {
        let ahead = pixels::Ahead::new(url, width, height);
        self.0.with(|state| state.assist.ahead = Some(ahead));
    }
}

impl Assist {
    /// The model's name, as it stands in the source of what is accepted.
    pub(super) fn model(&self) -> &str {
        let model = self.options.as_ref().and_then(|o| o.model.as_ref());
        model.map_or(BUILT_IN, |model| &model.name)
    }

    /// Ends the worker, and forgets what it knew.
    fn forget_worker(&mut self) {
        self.client = None;
        self.gpu = None;
        self.is_loaded = false;
        self.progress = (0.0, 0.0);
        self.encoded.clear();
        self.encoding = None;
        self.encode_id = None;
        self.in_flight = None;
        self.is_answered = false;
        if let Some(search) = self.search.take() {
            search.fail("died", "the worker that runs the model stopped");
        }
    }

    fn knows(&self, key: &str) -> bool {
        self.encoded.iter().any(|(known, _)| known == key)
    }

    fn learned(&mut self, key: String, look: Look) {
        self.encoded.retain(|(known, _)| *known != key);
        self.encoded.push((key, look));
        if self.encoded.len() > KEPT {
            self.encoded.remove(0);
        }
    }

    /// The worker ended by itself: it is started again, unless that does not help.
    fn died(&mut self, reason: &str) {
        self.deaths += 1;
        if self.deaths >= DEATHS {
            self.failed(reason);
        }
        self.forget_worker();
    }

    /// It does not work here; where a server can look in its place, that is no end.
    fn failed(&mut self, reason: &str) {
        if self.leave_to_server() {
            self.deaths = 0;
        } else {
            self.failed = Some(reason.to_owned());
        }
    }
}

impl State {
    /// The photograph on the canvas is another one, or none.
    pub(super) fn assist_image(&mut self, url: Option<&str>) {
        self.input(&Input::Smart(SmartInput::Drop));
        self.assist.key = url.map(pixels::key_of);
        if let Some(search) = self.assist.search.take() {
            search.fail("superseded", "another photograph was opened meanwhile");
        }
        self.assist.is_answered = false;
    }

    /// Where it stands that the smart tool was used.
    pub(super) fn assist_remembers(&mut self, was_used: Rc<Cell<bool>>) {
        self.assist.was_used = was_used;
    }

    /// The engine is destroyed: nobody waits any longer.
    pub(super) fn end_assist(&mut self) {
        if let Some(search) = self.assist.search.take() {
            search.fail("destroyed", "the annotator was destroyed");
        }
        self.assist = Assist::default();
    }

    pub(super) fn assist_options(&self) -> Option<&AssistOptions> {
        self.assist.options.as_ref()
    }

    pub(super) fn assist_asks(&mut self, ask: Option<Ask>) {
        let assist = &mut self.assist;
        // A search through the whole photograph is not waited for.
        let searches = |question: &mut Question| matches!(question.ask, Ask::Everything { .. });
        if let Some(search) = assist.in_flight.take_if(searches)
            && let Some(client) = &mut assist.client
        {
            client.cancel(search.id);
        }
        assist.wanted = ask;
        assist.is_answered = false;
    }

    /// Whether the model is needed, now or soon.
    fn wants_assist(&self) -> bool {
        if self.toolbox.active() == ToolKind::Smart && self.may_edit() {
            self.assist.was_used.set(true);
            return true;
        }
        if self.assist.search.is_some() && self.may_edit() {
            return true;
        }
        self.settings.smart_prepares && self.assist.was_used.get() && self.may_edit()
    }

    pub(super) fn assist_phase(&self) -> AssistPhase {
        let assist = &self.assist;
        if let Some(reason) = &assist.failed {
            return AssistPhase::Failed(reason.clone());
        }
        match (&assist.options, &assist.client, &assist.key) {
            (None, ..) => AssistPhase::Off,
            (_, None, _) => AssistPhase::Idle,
            _ if !assist.is_loaded => AssistPhase::Loading {
                received: assist.progress.0,
                total: assist.progress.1,
            },
            (_, _, Some(key)) if !assist.knows(key) => {
                if assist.is_encoding_elsewhere() {
                    AssistPhase::EncodingElsewhere
                } else if self.has_tiles() && !self.is_whole_in_view() && assist.encoding.is_none()
                {
                    AssistPhase::ZoomOut
                } else {
                    AssistPhase::Encoding
                }
            }
            _ => AssistPhase::Ready,
        }
    }

    /// Does what is next, and returns what is to be read of a photograph for it; asked after every
    /// change.
    pub(super) fn assist_next(&mut self) -> Option<pixels::Reading> {
        let reading = self.assist_step();
        let phase = self.assist_phase();
        if self.assist.told != phase {
            self.assist.told = phase;
            self.events.push(EngineEvent::Assist);
        }
        reading
    }

    fn assist_step(&mut self) -> Option<pixels::Reading> {
        if self.assist.options.is_none() || self.assist.failed.is_some() || !self.wants_assist() {
            return None;
        }
        if self.assist.client.is_none() {
            self.start_assist();
        }
        if !self.assist.is_loaded {
            return None;
        }
        self.assist_send();
        self.send_search();
        if self.assist.encoding.is_some() {
            return None;
        }
        let key = self.assist.key.clone();
        let reading = match key {
            Some(key) if !self.assist.knows(&key) => {
                if self.encode_elsewhere(&key) {
                    return None;
                }
                self.shown_pixels(key, pixels::LONG_SIDE)?
            }
            // Nothing is made ready ahead by a device that is too slow for what is open.
            _ if self.assist.in_flight.is_some() || self.assist.is_left_to_server() => return None,
            _ => self.ahead_pixels()?,
        };
        self.assist.encoding = Some(reading.key.clone());
        Some(reading)
    }

    fn start_assist(&mut self) {
        let (Some(options), Some(engine)) = (&self.assist.options, self.handle.clone()) else {
            return;
        };
        let started = Client::start(options, move |message| {
            if let Some(inner) = engine.upgrade() {
                inner.with(|state| state.assist_said(message));
            }
        });
        match started {
            Ok(client) => self.assist.client = Some(client),
            Err(error) => self.assist.failed = Some(error.to_string()),
        }
    }

    /// Sends the latest prompt, when nothing is on its way and the photograph is known.
    fn assist_send(&mut self) {
        let (assist, Some(size)) = (&mut self.assist, self.image) else {
            return;
        };
        if assist.is_answered || assist.in_flight.is_some() {
            return;
        }
        let known = assist.key.clone().filter(|key| assist.knows(key));
        if let (Some(ask), Some(key), Some(client)) = (&assist.wanted, known, &mut assist.client) {
            let (id, ask) = (client.ask(ask, &key, size), ask.clone());
            assist.in_flight = Some(Question { id, ask, key });
        }
    }

    /// A photograph was read: the worker looks at it.
    pub(super) fn assist_read(&mut self, key: &str, read: Result<PhotoPixels, crate::EngineError>) {
        if self.assist.encoding.as_deref() != Some(key) || self.assist.is_encoding_elsewhere() {
            return;
        }
        let is_shown = self.assist.key.as_deref() == Some(key);
        match (read, &mut self.assist.client) {
            (Ok(source), Some(client)) => self.assist.encode_id = Some(client.encode(key, &source)),
            (Err(error), _) => {
                self.assist.encoding = None;
                if is_shown {
                    self.assist.failed = Some(error.to_string());
                }
            }
            (Ok(_), None) => self.assist.encoding = None,
        }
    }

    fn assist_said(&mut self, (id, said): (u32, Said)) {
        let searched = self.assist.search.as_ref().and_then(|search| search.id);
        if searched == Some(id) {
            return self.search_said(said);
        }
        let question = self.assist.in_flight.as_ref().filter(|q| q.id == id);
        let is_current = question.is_some_and(|q| self.assist.key.as_ref() == Some(&q.key));
        match said {
            Said::Progress { received, total } => self.assist.progress = (received, total),
            Said::Loaded(module) => {
                self.assist.is_loaded = true;
                self.assist.module = Some(module);
            }
            Said::Encoded {
                key,
                seconds,
                is_by_gpu,
            } => self.assist.encoded(key, seconds, is_by_gpu),
            Said::Gpu(trial) => self.assist_tried(trial),
            Said::Decoded(candidates) => {
                self.assist.deaths = 0;
                let question = self.assist.in_flight.take_if(|q| q.id == id);
                if let Some(Question {
                    ask: Ask::Object(prompt),
                    ..
                }) = question.filter(|_| is_current)
                {
                    let ask = Ask::Object(prompt.clone());
                    self.assist.is_answered = self.assist.wanted == Some(ask);
                    self.answer(Answer::Object(prompt, candidates));
                }
            }
            Said::Found(candidates) if is_current => self.answer(Answer::Found(candidates)),
            Said::Done if is_current => {
                self.assist.in_flight = None;
                self.assist.is_answered = true;
                self.answer(Answer::FoundAll);
            }
            Said::Found(_) | Said::Done => {}
            Said::Error { code, message } => self.assist_failed(id, &code, &message),
            Said::Died { message } => self.assist.died(&message),
        }
    }

    /// The graphics processor was tried, or has failed since: what was never used is missed by
    /// nobody, and stands with the figures only.
    fn assist_tried(&mut self, trial: GpuTrial) {
        if let Some(module) = &self.assist.module {
            module.note(|speed| speed.note_trial(&trial));
        }
        let was_used = matches!(
            self.assist.gpu,
            Some(GpuTrial::Measured { is_used: true, .. })
        );
        if let GpuTrial::Failed(reason) = &trial
            && was_used
        {
            self.notice(&format!(
                "The graphics processor does not look at photographs here ({reason}); the processor does."
            ));
        }
        self.assist.gpu = Some(trial);
        self.events.push(EngineEvent::Assist);
    }

    fn assist_failed(&mut self, id: u32, code: &str, message: &str) {
        let assist = &mut self.assist;
        let question = assist.in_flight.take_if(|q| q.id == id);
        match (question, code) {
            // The next question is the latest one again.
            (_, "replaced" | "cancelled") => {}
            // It keeps some photographs only.
            (Some(question), "no_embedding") => {
                assist.encoded.retain(|(known, _)| *known != question.key);
            }
            // It came to harm, and forgot the model.
            (_, "not_loaded") => assist.died(message),
            // What is no embedding of this model: it looks for itself.
            (None, _) if assist.is_encoding_elsewhere() => assist.refuse_elsewhere(),
            // A photograph that was to be ready ahead is no loss.
            (None, _) if assist.is_loaded && assist.encoding != assist.key => {
                assist.encoding = None;
            }
            (None, _) => {
                assist.failed(message);
                assist.forget_worker();
            }
            (Some(question), _) => {
                assist.is_answered = assist.wanted.as_ref() == Some(&question.ask);
                self.notice(message);
                self.answer(Answer::Failed(question.ask));
            }
        }
    }

    fn answer(&mut self, answer: Answer) {
        self.input(&Input::Smart(SmartInput::Answer(answer)));
    }
}
