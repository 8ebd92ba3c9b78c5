//! A model and one photograph in this browser: what it finds there, as labels of the project.

use crate::inference::{Client, Failure, photo};
use crate::t;
use crate::time_words::size;
use serde_json::{Value, json};
use std::rc::Rc;
use uuid::Uuid;
use visionflow_api::{Image, Model, ModelFile, shown_side};

/// What goes on, in words.
pub type Tell = Rc<dyn Fn(String)>;

/// One thing that was found and has a label here.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    pub label: Uuid,
    pub score: f64,
    /// As JSON, in pixels of the photograph.
    pub shape: Value,
}

/// Has the worker hold the model; what goes wrong is a sentence.
pub async fn load(model: &Model, tell: &Tell) -> Result<Rc<Client>, String> {
    let client = Client::shared().map_err(|failure| failure.words())?;
    let file = |file: &ModelFile| json!({ "url": file.url, "sha256": file.sha256 });
    let files = Value::Array(model.files.iter().map(file).collect());
    tell(t!("run-loading"));
    let progress = {
        let tell = tell.clone();
        Rc::new(move |got: f64, all: f64| {
            tell(t!(
                "smart-loading-of",
                received = size(got),
                total = size(all)
            ));
        })
    };
    let key = model.id.to_string();
    let loaded = client.load(&key, &files, super::spec(model), progress);
    loaded.await.map_err(|failure| failure.words())?;
    Ok(client)
}

/// Runs the model over the photograph; what goes wrong is a sentence.
pub async fn find(model: &Model, image: &Image, tell: &Tell) -> Result<Vec<Found>, String> {
    let mut tries = 0;
    loop {
        tries += 1;
        let client = load(model, tell).await?;
        tell(t!("run-looking"));
        let pixels = photo::read(image, f64::from(shown_side(super::spec(model)))).await?;
        match client.run(&model.id.to_string(), pixels).await {
            Ok(found) => {
                return Ok(found
                    .iter()
                    .filter_map(|one| labelled(model, one))
                    .collect());
            }
            // The worker came to harm, or was asked for another model meanwhile.
            Err(Failure { code, .. })
                if matches!(code.as_str(), "not_loaded" | "stopped") && tries < 2 => {}
            Err(failure) => return Err(failure.words()),
        }
    }
}

/// A find of a class that has a label.
fn labelled(model: &Model, found: &Value) -> Option<Found> {
    let class = found["class"].as_u64()?.to_string();
    Some(Found {
        label: (*model.class_map.get(&class)?)?,
        score: found["score"].as_f64()?.clamp(0.0, 1.0),
        shape: found["shape"].clone(),
    })
}
