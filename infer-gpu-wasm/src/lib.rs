//! The worker's module that encodes photographs by WebGPU.
//!
//! `infer_worker.js` loads it where the browser has an adapter with a graphics processor, hands it the
//! operations that the runtime's module made of an encoder's file, and from then on planes of pixels.
//! Nothing here blocks: what the device hands back is awaited.
#![cfg(target_arch = "wasm32")]

use visionflow_infer::Graph;
use visionflow_infer_gpu::{Admit, Gpu, Network};
use wasm_bindgen::prelude::*;

/// An encoder on a graphics device.
#[wasm_bindgen]
pub struct GpuEncoder {
    network: Network,
}

#[wasm_bindgen]
impl GpuEncoder {
    /// Opens a device and puts an encoder's operations on it, as `operations` of the module `infer` gives them.
    /// Software is refused unless a test admits it.
    pub async fn open(operations: Vec<u8>, admits_software: bool) -> Result<Self, JsError> {
        let graph = Graph::from_bytes(&operations)?;
        drop(operations);
        let admit = if admits_software {
            Admit::Software
        } else {
            Admit::Hardware
        };
        let gpu = Gpu::open(admit).await?;
        let network = Network::new(gpu, &graph).await?;
        Ok(Self { network })
    }

    /// Adapter and driver, in words; empty where the browser does not say.
    pub fn device(&self) -> String {
        self.network.device_name().to_owned()
    }

    /// What the encoder sees in planes of pixels, all of its outputs one after the other.
    pub async fn encode(&self, planes: Vec<f32>) -> Result<Vec<f32>, JsError> {
        Ok(self.network.run(&[&planes]).await?.concat())
    }
}
