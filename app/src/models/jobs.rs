//! A model over many photographs: in this browser one after the other, or on the server.
//!
//! It goes on while the person looks at other pages; one job at a time is what a browser can bear.

use super::run::{self, Tell};
use crate::api_client;
use crate::t;
use crate::watchers::Watchers;
use futures_util::future::{AbortHandle, abortable};
use gloo::timers::future::TimeoutFuture;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::rc::Rc;
use uuid::Uuid;
use visionflow_api::{Image, Model};
use yew::platform::spawn_local;
use yew::prelude::*;

/// How often the server is asked how far it is.
const POLL_MS: u32 = 1_000;

/// How far a job is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Job {
    pub project_id: Uuid,
    pub model: String,
    /// In the order in which the model looks at them.
    pub images: Rc<[Uuid]>,
    pub total: usize,
    pub done: usize,
    pub found: usize,
    /// What goes on with the photograph that is next.
    pub note: String,
    /// Photographs that it failed for, by name, and why.
    pub errors: Vec<(String, String)>,
    pub is_over: bool,
    pub is_cancelled: bool,
}

#[derive(Default)]
struct Shared {
    job: Option<Job>,
    abort: Option<AbortHandle>,
    /// The job on the server.
    remote: Option<Uuid>,
}

thread_local! {
    static SHARED: RefCell<Shared> = RefCell::default();
    static WATCHERS: Watchers<()> = Watchers::default();
}

fn change(change: impl FnOnce(&mut Job)) {
    SHARED.with_borrow_mut(|shared| {
        if let Some(job) = &mut shared.job {
            change(job);
        }
    });
    WATCHERS.with(|watchers| watchers.tell(&()));
}

/// The job that goes on or was the last.
#[hook]
pub fn use_job() -> Option<Job> {
    let update = use_force_update();
    use_effect_with((), move |()| {
        let watch = WATCHERS.with(|all| all.watch(move |()| update.force_update()));
        move || drop(watch)
    });
    SHARED.with_borrow(|shared| shared.job.clone())
}

/// Begins a job, unless one goes on.
pub fn start(model: Model, images: Vec<Image>, on_server: bool) {
    let is_busy = SHARED.with_borrow(|s| s.job.as_ref().is_some_and(|job| !job.is_over));
    if is_busy {
        return;
    }
    let job = Job {
        project_id: model.project_id,
        model: model.name.clone(),
        images: images.iter().map(|image| image.id).collect(),
        total: images.len(),
        ..Job::default()
    };
    let (work, abort) = abortable(async move {
        let ended = if on_server {
            remotely(&model, &images).await
        } else {
            here(&model, &images).await
        };
        change(|job| {
            job.is_over = true;
            job.note = String::new();
            if let Err(words) = ended {
                job.errors.push((job.model.clone(), words));
            }
        });
    });
    SHARED.with_borrow_mut(|shared| {
        shared.job = Some(job);
        shared.abort = Some(abort);
        shared.remote = None;
    });
    change(|_| {});
    spawn_local(async move {
        // Whoever stopped it said so in the job.
        let _ = work.await;
    });
}

/// Stops the job; what is written stays.
pub fn cancel() {
    let (abort, remote) =
        SHARED.with_borrow_mut(|shared| (shared.abort.take(), shared.remote.take()));
    if let Some(abort) = abort {
        abort.abort();
    }
    if let Some(id) = remote {
        spawn_local(async move {
            // It ends by itself where this is not heard.
            let _ = api_client::delete(&format!("/api/v1/assist_runs/{id}")).await;
        });
    }
    change(|job| {
        job.is_over = true;
        job.is_cancelled = true;
        job.note = String::new();
    });
}

/// Forgets a job that is over.
pub fn clear() {
    SHARED.with_borrow_mut(|shared| shared.job = None);
    change(|_| {});
}

/// One photograph after the other; one that fails is listed, a model that cannot run ends it all.
async fn here(model: &Model, images: &[Image]) -> Result<(), String> {
    let run = Uuid::now_v7();
    let tell: Tell = Rc::new(|words| change(|job| job.note = words));
    run::load(model, &tell).await?;
    for image in images {
        let name = image.filename.clone();
        let tell: Tell = {
            let name = name.clone();
            Rc::new(move |words| change(|job| job.note = format!("{name}: {words}")))
        };
        let wrote = one(model, image, run, &tell).await;
        change(|job| {
            job.done += 1;
            match wrote {
                Ok(found) => job.found += found,
                Err(words) => job.errors.push((name, words)),
            }
        });
    }
    Ok(())
}

async fn one(model: &Model, image: &Image, run: Uuid, tell: &Tell) -> Result<usize, String> {
    // Its address is short-lived, and the list may be old.
    let path = format!("/api/v1/images/{}", image.id);
    let image: Image = api_client::get(&path)
        .await
        .map_err(|error| error.words())?;
    let found = run::find(model, &image, tell).await?;
    let suggestions: Vec<Value> = found
        .iter()
        .map(|one| json!({ "label": one.label, "score": one.score, "shape": one.shape }))
        .collect();
    let body = json!({ "model": model.id, "run": run, "suggestions": suggestions });
    let path = format!("/api/v1/images/{}/suggestions", image.id);
    let _: Value = api_client::post(&path, &body)
        .await
        .map_err(|error| error.words())?;
    Ok(found.len())
}

/// The server's own job, followed to its end.
async fn remotely(model: &Model, images: &[Image]) -> Result<(), String> {
    let ids: Vec<Uuid> = images.iter().map(|image| image.id).collect();
    let path = format!("/api/v1/projects/{}/assist_runs", model.project_id);
    let body = json!({ "model": model.id, "images": ids });
    let mut run: Value = api_client::post(&path, &body)
        .await
        .map_err(|error| error.words())?;
    let id = run["id"].as_str().and_then(|id| id.parse::<Uuid>().ok());
    let id = id.ok_or_else(|| t!("error-unreadable"))?;
    SHARED.with_borrow_mut(|shared| shared.remote = Some(id));
    loop {
        let count = |name: &str| run[name].as_u64().unwrap_or_default() as usize;
        let errors = run["errors"].as_array().into_iter().flatten();
        let errors = errors.map(|error| {
            let part = |name: &str| error[name].as_str().unwrap_or_default().to_owned();
            (part("filename"), part("error"))
        });
        let errors: Vec<_> = errors.collect();
        change(|job| {
            job.done = count("done");
            job.found = count("suggested");
            job.errors = errors;
            job.note = t!("run-on-server");
        });
        match run["status"].as_str().unwrap_or_default() {
            "succeeded" => return Ok(()),
            "failed" => return Err(run["error"].as_str().unwrap_or_default().to_owned()),
            "cancelled" => {
                change(|job| job.is_cancelled = true);
                return Ok(());
            }
            _ => {}
        }
        TimeoutFuture::new(POLL_MS).await;
        let path = format!("/api/v1/assist_runs/{id}");
        run = api_client::get(&path)
            .await
            .map_err(|error| error.words())?;
    }
}
