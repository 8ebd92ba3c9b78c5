//! The model that the person has chosen, running it over the photograph, and how sure it has to
//! be: what the panel and the commands share.

use super::tally;
use crate::api_client;
use crate::browser;
use crate::components::{Toast, Toasts};
use crate::models;
use crate::models::run::{self, Found};
use crate::models::similar::{self, Example};
use crate::resource::use_resource;
use crate::session::use_toasts;
use crate::t;
use futures_util::future::{AbortHandle, abortable};
use std::cell::RefCell;
use std::rc::Rc;
use uuid::Uuid;
use visionflow_api::{Image, Model};
use visionflow_engine::{Engine, Run};
use visionflow_geometry::Rect;
use visionflow_model::{LabelId, ModelId, Shape};
use yew::prelude::*;

/// What is known of models on this page, and what can be asked of them.
#[derive(Clone)]
pub struct Runner {
    /// Those that are ready and propose something.
    pub models: Rc<Vec<Model>>,
    /// Those that are ready and answer prompts.
    pub promptable: Rc<Vec<Model>>,
    /// The chosen one.
    pub model: Option<Model>,
    /// What goes on, in words.
    pub running: Option<String>,
    /// Less sure suggestions are neither drawn nor taken; from 0 to 1.
    pub threshold: f64,
    pub choose: Callback<Uuid>,
    pub set_threshold: Callback<f64>,
    pub run: Callback<()>,
    pub cancel: Callback<()>,
    /// Looks for more of what is selected, here; `true`: also in each photograph that is opened
    /// next, until it is asked for again.
    pub similar: Callback<bool>,
    pub follows: bool,
}

/// What is run over the photograph.
#[derive(Clone)]
enum Job {
    Model(Model),
    Similar(Example),
}

impl Job {
    fn name(&self) -> &str {
        match self {
            Self::Model(model) => &model.name,
            Self::Similar(_) => "find-similar",
        }
    }
}

thread_local! {
    /// What is looked for in each photograph that is opened.
    static FOLLOWED: RefCell<Option<Example>> = const { RefCell::new(None) };
}

impl PartialEq for Runner {
    fn eq(&self, other: &Self) -> bool {
        self.models == other.models
            && self.promptable == other.promptable
            && self.model == other.model
            && self.running == other.running
            && self.follows == other.follows
            && (self.threshold - other.threshold).abs() < f64::EPSILON
    }
}

type Running = RefCell<Option<AbortHandle>>;

#[hook]
pub fn use_runner(
    engine: Option<&Engine>,
    project_id: Uuid,
    item: Option<&Image>,
    is_open: bool,
) -> Runner {
    let toasts = use_toasts();
    let place = format!("visionflow.model.{project_id}");
    let models = use_resource(project_id, |id| async move {
        let all = api_client::get_all::<Model>(&format!("/api/v1/projects/{id}/models")).await;
        all.map(|all| {
            (
                Rc::new(models::runnable(all.clone())),
                Rc::new(models::promptable(all)),
            )
        })
    });
    let (models, promptable) = models.ready().cloned().unwrap_or_default();
    let chosen = use_state_eq(|| browser::stored(&place).and_then(|id| id.parse::<Uuid>().ok()));
    let running = use_state_eq(|| None::<String>);
    let threshold = use_state_eq(|| 0.0);
    let abort = use_memo((), |()| Running::default());
    let model = models.iter().find(|model| Some(model.id) == *chosen);
    let model = model.or_else(|| models.first()).cloned();
    let start = {
        let (running, abort) = (running.setter(), abort.clone());
        move |engine: Engine, job: Job, image: Image, toasts: Option<Toasts>| {
            let tell: run::Tell = {
                let running = running.clone();
                Rc::new(move |words| running.set(Some(words)))
            };
            let ended = running.clone();
            let (work, handle) = abortable(async move {
                let was_asked_for = toasts.is_some();
                let found = propose(&engine, &job, &image, &tell, was_asked_for).await;
                // What runs by itself does so quietly: the panel shows what it found.
                let Some(toasts) = toasts else { return };
                let model = job.name().to_owned();
                toasts.show(match found {
                    Ok(0) => Toast::good(t!("suggestions-none-found", model = model)),
                    Ok(n) => Toast::good(t!("suggestions-found", model = model, n = n as i64)),
                    Err(words) => Toast::bad(words),
                });
            });
            if let Some(older) = abort.replace(Some(handle)) {
                older.abort();
            }
            running.set(Some(t!("run-loading")));
            yew::platform::spawn_local(async move {
                // One that was cancelled has said so already.
                if work.await.is_ok() {
                    ended.set(None);
                }
            });
        }
    };
    let cancel = {
        let (running, abort) = (running.setter(), abort.clone());
        Callback::from(move |()| {
            if let Some(handle) = abort.take() {
                handle.abort();
            }
            running.set(None);
        })
    };
    {
        // What was begun for another photograph is of no use for this one.
        let cancel = cancel.clone();
        let id = item.map(|image| image.id);
        use_effect_with(id, move |_| move || cancel.emit(()));
    }
    let run = {
        let (engine, item) = (engine.cloned(), item.cloned());
        let (model, toasts, start) = (model.clone(), toasts.clone(), start.clone());
        Callback::from(move |()| {
            if let (Some(engine), Some(image), Some(model)) = (&engine, &item, &model) {
                start(
                    engine.clone(),
                    Job::Model(model.clone()),
                    image.clone(),
                    Some(toasts.clone()),
                );
            }
        })
    };
    {
        // A model that runs on open does, where it has proposed nothing before.
        let item = item.filter(|_| is_open).cloned();
        let ready = (item.as_ref().map(|image| image.id), models.clone());
        let (engine, start) = (engine.cloned(), start.clone());
        use_effect_with(ready, move |(_, models)| {
            let (Some(engine), Some(image)) = (engine.filter(Engine::can_edit), item) else {
                return;
            };
            let mut models = models.iter().filter(|model| model.run_on_open);
            let wanted = models.find(|model| !tally::has_proposed(&engine, model.id));
            let followed = || FOLLOWED.with_borrow(Clone::clone).map(Job::Similar);
            if let Some(job) = wanted.cloned().map(Job::Model).or_else(followed) {
                start(engine, job, image, None);
            }
        });
    }
    let follows = use_state_eq(|| FOLLOWED.with_borrow(Option::is_some));
    let similar = {
        let (engine, item, toasts) = (engine.cloned(), item.cloned(), toasts.clone());
        let follows = follows.setter();
        Callback::from(move |next: bool| {
            if next && FOLLOWED.take().is_some() {
                follows.set(false);
                return;
            }
            let (Some(engine), Some(image)) = (engine.clone(), item.clone()) else {
                return;
            };
            match example(&engine, &image) {
                Some(example) => {
                    if next {
                        FOLLOWED.set(Some(example.clone()));
                        follows.set(true);
                    }
                    start(engine, Job::Similar(example), image, Some(toasts.clone()));
                }
                None => toasts.show(Toast::bad(t!("similar-select"))),
            }
        })
    };
    let choose = {
        let chosen = chosen.setter();
        Callback::from(move |id: Uuid| {
            browser::store(&place, &id.to_string());
            chosen.set(Some(id));
        })
    };
    let set_threshold = {
        let (threshold, engine) = (threshold.setter(), engine.cloned());
        Callback::from(move |value: f64| {
            threshold.set(value);
            if let Some(engine) = &engine {
                engine.set_suggestion_threshold(value);
            }
        })
    };
    Runner {
        models,
        promptable,
        model,
        running: (*running).clone(),
        threshold: *threshold,
        choose,
        set_threshold,
        run,
        cancel,
        similar,
        follows: *follows,
    }
}

/// What is selected.
fn example(engine: &Engine, image: &Image) -> Option<Example> {
    let id = *engine.selection().last()?;
    engine.with_annotation(id, |one| Example::new(image, one.label, &one.shape))?
}

/// Where something of this label is annotated already.
fn known(engine: &Engine, label: LabelId) -> Vec<Rect> {
    let mut known = Vec::new();
    engine.visit_annotations(|one| {
        if one.label == label {
            known.extend(one.shape.bounds());
        }
    });
    known
}

/// Runs it and puts what it finds into the document; how much that is.
async fn propose(
    engine: &Engine,
    job: &Job,
    image: &Image,
    tell: &run::Tell,
    was_asked_for: bool,
) -> Result<usize, String> {
    let (found, model) = match job {
        Job::Model(model) => {
            let found = run::find(model, image, tell).await?;
            (found, Some(ModelId(model.id)))
        }
        Job::Similar(example) => {
            let known = known(engine, example.label);
            (similar::find(image, example, &known, tell).await?, None)
        }
    };
    let sound = |one: Found| {
        let shape = serde_json::from_value::<Shape>(one.shape).ok()?;
        Some((LabelId(one.label), one.score, shape))
    };
    let found = found.into_iter().filter_map(sound).collect();
    let run = Run {
        model,
        name: job.name().into(),
        was_asked_for,
    };
    let proposed = engine
        .propose(run, found)
        .map_err(|error| t!("edit-refused", detail = error.to_string()))?;
    Ok(proposed.unwrap_or_default())
}
