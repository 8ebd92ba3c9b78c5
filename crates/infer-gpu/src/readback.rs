//! Waiting for a buffer that the device hands back, without blocking the thread that asks.

use crate::GpuError;
use crate::gpu::Gpu;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Poll, Waker};

#[derive(Default)]
struct Handover {
    mapped: Option<Result<(), wgpu::BufferAsyncError>>,
    waker: Option<Waker>,
}

/// The numbers of a buffer that can be mapped, once all that was submitted is done.
pub async fn read(gpu: &Gpu, buffer: &wgpu::Buffer) -> Result<Vec<f32>, GpuError> {
    let handover = Arc::new(Mutex::new(Handover::default()));
    let said = Arc::clone(&handover);
    buffer.map_async(wgpu::MapMode::Read, .., move |mapped| {
        let mut handover = said.lock().unwrap_or_else(PoisonError::into_inner);
        handover.mapped = Some(mapped);
        if let Some(waker) = handover.waker.take() {
            waker.wake();
        }
    });
    // In the browser the event loop does this, and nothing may block there.
    #[cfg(not(target_arch = "wasm32"))]
    gpu.device
        .poll(wgpu::PollType::wait_indefinitely())
        .map_err(|error| GpuError::Lost(error.to_string()))?;
    let mapped = poll_fn(|context| {
        let mut handover = handover.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(mapped) = handover.mapped.take() {
            return Poll::Ready(mapped);
        }
        handover.waker = Some(context.waker().clone());
        Poll::Pending
    });
    let mapped = mapped.await;
    gpu.check()?;
    mapped.map_err(|error| GpuError::Lost(error.to_string()))?;
    let view = buffer.get_mapped_range(..);
    let view = view.map_err(|error| GpuError::Lost(error.to_string()))?;
    let numbers = bytemuck::pod_collect_to_vec(&view);
    drop(view);
    buffer.unmap();
    Ok(numbers)
}
