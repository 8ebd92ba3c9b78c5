//! The engine's worker. Natively, where only tests run, there is no engine and can be no worker.

#[cfg(target_arch = "wasm32")]
mod own {
    use crate::inference::Failure;
    use crate::{assist, t};
    use visionflow_engine::EngineError;
    pub use visionflow_engine::{ModelWorker, Progress};

    pub fn start() -> Result<ModelWorker, Failure> {
        let options = assist::options().ok_or_else(|| Failure {
            code: "absent".to_owned(),
            message: t!("model-no-worker"),
        })?;
        ModelWorker::start(&options).map_err(failure)
    }

    pub fn failure(error: EngineError) -> Failure {
        let (code, message) = match error {
            EngineError::Model { code, message } if !message.is_empty() => (code, message),
            EngineError::Model { code, .. } => (code, t!("model-worker-ended")),
            error => (String::new(), error.to_string()),
        };
        Failure { code, message }
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod own {
    use crate::inference::Failure;
    use js_sys::Array;
    use std::rc::Rc;
    use wasm_bindgen::JsValue;

    pub type Progress = Rc<dyn Fn(f64, f64)>;

    pub enum ModelWorker {}

    impl ModelWorker {
        pub fn is_alive(&self) -> bool {
            match *self {}
        }

        pub async fn ask(
            &self,
            _: &str,
            _: &[(&str, JsValue)],
            _: &Array,
            _: Option<Progress>,
        ) -> Result<JsValue, Failure> {
            match *self {}
        }
    }

    pub fn start() -> Result<ModelWorker, Failure> {
        Err(failure(Failure {
            code: "absent".to_owned(),
            message: String::new(),
        }))
    }

    pub fn failure(failure: Failure) -> Failure {
        failure
    }
}

pub use own::{ModelWorker, Progress, failure, start};
