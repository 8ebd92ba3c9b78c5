//! A new model on its way: what it is made of, what the worker thinks of it, and to the server.

use crate::api_client::{self, ApiError};
use crate::inference::{self, Client, Failure, Progress};
use crate::t;
use crate::time_words::size;
use js_sys::Array;
use serde_json::Value;
use std::cell::Cell;
use std::rc::Rc;
use uuid::Uuid;
use visionflow_api::{ClassMap, Model, ModelAddress, NewModel, NewModelFile, NewModelSource};
use visionflow_geometry::sort_by_key;
use visionflow_model::{Label, Ontology};
use web_sys::File;

/// An ONNX file is one message of at most so many bytes.
const MAX_BYTES: f64 = 2_147_483_647.0;

/// Where the files of a model come from; an encoder stands before its decoder.
#[derive(Clone, Debug, PartialEq)]
pub enum Origin {
    Files(Vec<File>),
    Urls(Vec<String>),
}

/// Why a file is not even looked at, in words.
fn refusal(file: &File) -> Option<String> {
    let name = file.name();
    let ending = name.rsplit('.').next().unwrap_or_default().to_lowercase();
    if matches!(
        ending.as_str(),
        "pt" | "pth" | "pkl" | "pickle" | "ckpt" | "bin"
    ) {
        return Some(t!("model-is-pickle", name = name));
    }
    if ending != "onnx" {
        return Some(t!("model-not-onnx", name = name));
    }
    if file.size() > MAX_BYTES {
        let is = size(file.size());
        return Some(t!("model-too-large", name = name, size = is));
    }
    (file.size() < 1.0).then(|| t!("model-empty", name = name))
}

impl Origin {
    pub fn of_files(mut files: Vec<File>) -> Result<Self, String> {
        if let Some(words) = files.iter().find_map(refusal) {
            return Err(words);
        }
        sort_by_key(&mut files, |file| (is_decoder(&file.name()), file.name()));
        Ok(Self::Files(files))
    }

    /// Addresses with space between them.
    pub fn of_urls(typed: &str) -> Result<Self, String> {
        let mut urls: Vec<String> = typed.split_whitespace().map(str::to_owned).collect();
        let is_web = |url: &&String| !(url.starts_with("https://") || url.starts_with("http://"));
        if let Some(url) = urls.iter().find(is_web) {
            return Err(t!("model-no-address", url = url.clone()));
        }
        if urls.is_empty() {
            return Err(t!("model-no-address", url = String::new()));
        }
        sort_by_key(&mut urls, |url| is_decoder(url));
        Ok(Self::Urls(urls))
    }

    /// A name to begin with: that of the first file.
    pub fn name(&self) -> String {
        let first = match self {
            Self::Files(files) => files.first().map(File::name),
            Self::Urls(urls) => urls.first().cloned(),
        };
        let first = first.unwrap_or_default();
        let path = first.split(['?', '#']).next().unwrap_or_default();
        let name = path.rsplit('/').next().unwrap_or_default();
        name.strip_suffix(".onnx").unwrap_or(name).to_owned()
    }

    /// Runs it once in a worker of its own, which ends with the future; read as `spec` says, where the
    /// files can be read in more than one way.
    pub async fn inspect(self, spec: Option<Value>, progress: Progress) -> Result<Value, Failure> {
        let client = Client::start()?;
        let files = Array::new();
        match self {
            Self::Files(list) => {
                for file in list {
                    files.push(&inference::bytes(&file).await?);
                }
            }
            Self::Urls(urls) => urls.iter().for_each(|url| {
                files.push(&url.into());
            }),
        }
        client.inspect(&files, spec.as_ref(), progress).await
    }

    /// What the server is told of the files, with the sums and sizes that the worker found.
    fn source(&self, report: &Value) -> NewModelSource {
        let sha256 = |at: usize| report["sha256"][at].as_str().unwrap_or_default().to_owned();
        let bytes = |at: usize| report["bytes"][at].as_f64().unwrap_or_default() as i64;
        match self {
            Self::Files(files) => NewModelSource::Upload {
                files: files
                    .iter()
                    .enumerate()
                    .map(|(at, file)| NewModelFile {
                        name: file.name(),
                        bytes: file.size() as i64,
                        sha256: sha256(at),
                    })
                    .collect(),
            },
            Self::Urls(urls) => NewModelSource::Url {
                files: urls
                    .iter()
                    .enumerate()
                    .map(|(at, url)| ModelAddress {
                        url: url.clone(),
                        sha256: sha256(at),
                        bytes: bytes(at),
                    })
                    .collect(),
            },
        }
    }
}

fn is_decoder(name: &str) -> bool {
    name.to_lowercase().contains("decoder")
}

/// What a person has decided about a new model.
pub struct Draft {
    pub name: String,
    pub class_map: ClassMap,
    pub spec: Value,
    pub run_on_open: bool,
}

/// Registers the model and sends its files; `sent` hears how much of them is there, from 0 to 1.
pub async fn register(
    project_id: Uuid,
    origin: Origin,
    draft: Draft,
    report: Value,
    sent: Rc<dyn Fn(f64)>,
) -> Result<(), ApiError> {
    let body = NewModel {
        name: draft.name,
        source: origin.source(&report),
        spec: Some(draft.spec),
        class_map: draft.class_map,
        report: Some(report),
        run_on_open: draft.run_on_open,
    };
    let path = format!("/api/v1/projects/{project_id}/models");
    let model: Model = api_client::post(&path, &body).await?;
    let Origin::Files(files) = origin else {
        return Ok(());
    };
    let mut unfinished = Unfinished(Some(model.id));
    let total: f64 = files.iter().map(|file| file.size()).sum();
    let before = Rc::new(Cell::new(0.0));
    for (file, ticket) in files.iter().zip(&model.tickets) {
        let progress = {
            let (sent, before) = (sent.clone(), before.clone());
            Rc::new(move |bytes: f64| sent((before.get() + bytes) / total))
        };
        api_client::put_blob(&ticket.presigned_url, &ticket.headers, file, progress).await?;
        before.set(before.get() + file.size());
    }
    api_client::post_empty(&format!("/api/v1/models/{}/complete_upload", model.id)).await?;
    unfinished.0 = None;
    Ok(())
}

/// A model whose files did not arrive: it goes when the future does.
struct Unfinished(Option<Uuid>);

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some(id) = self.0 {
            yew::platform::spawn_local(async move {
                // What stays is listed as not finished, and can be archived by hand.
                let _ = api_client::delete(&format!("/api/v1/models/{id}")).await;
            });
        }
    }
}

/// Adds labels to those that the server has, for the classes that are to become them.
pub async fn create_labels(project_id: Uuid, labels: Vec<Label>) -> Result<(), ApiError> {
    if labels.is_empty() {
        return Ok(());
    }
    let path = format!("/api/v1/projects/{project_id}/ontology");
    let mut ontology: Ontology = api_client::get(&path).await?;
    ontology.labels.extend(labels);
    api_client::put::<_, Ontology>(&path, &ontology)
        .await
        .map(drop)
}
