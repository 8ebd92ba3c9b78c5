//! The graphics device, and what becomes of it.

use crate::GpuError;
use crate::kernel::Limits;
use std::sync::{Arc, Mutex, PoisonError};

/// Which adapters are good enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admit {
    /// Those with a graphics processor: software is slower than the processor without this detour.
    Hardware,
    /// Software first, so that tests compute the same everywhere.
    Software,
}

/// A device that computes.
pub struct Gpu {
    pub(crate) device: wgpu::Device,
    pub(crate) queue: wgpu::Queue,
    pub(crate) limits: Limits,
    /// Adapter and driver, in words.
    pub name: String,
    lost: Arc<Mutex<Option<String>>>,
}

impl Gpu {
    pub async fn open(admit: Admit) -> Result<Self, GpuError> {
        let mut description = wgpu::InstanceDescriptor::new_without_display_handle();
        description.backends = wgpu::Backends::PRIMARY;
        let instance = wgpu::Instance::new(description);
        let adapter = adapter(&instance, admit).await?;
        let info = adapter.get_info();
        let name = format!("{} {}", info.name, info.driver).trim().to_owned();
        if admit == Admit::Hardware && info.device_type == wgpu::DeviceType::Cpu {
            return Err(GpuError::Software(name));
        }
        // What every device has; the largest value of an encoder fits into it.
        let required_limits = wgpu::Limits::default();
        let limits = Limits {
            groups_per_side: required_limits.max_compute_workgroups_per_dimension,
            binding_bytes: required_limits.max_storage_buffer_binding_size,
            buffers: required_limits.max_storage_buffers_per_shader_stage as usize,
        };
        let (device, queue) = adapter
            .request_device(&wgpu::DeviceDescriptor {
                label: Some("visionflow-infer"),
                required_limits,
                ..Default::default()
            })
            .await
            .map_err(|error| GpuError::NoDevice(error.to_string()))?;
        let lost = Arc::new(Mutex::new(None));
        let note = Arc::clone(&lost);
        device.set_device_lost_callback(move |_, reason| keep_first(&note, reason));
        // The default handler panics, which would end the whole module. What is refused outside of a
        // scope leaves the device in no state to be relied on.
        let note = Arc::clone(&lost);
        device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| {
            keep_first(&note, error.to_string());
        }));
        Ok(Self {
            device,
            queue,
            limits,
            name,
            lost,
        })
    }

    /// An error where the device has gone away.
    pub(crate) fn check(&self) -> Result<(), GpuError> {
        let lost = self.lost.lock().unwrap_or_else(PoisonError::into_inner);
        match &*lost {
            Some(reason) => Err(GpuError::Lost(reason.clone())),
            None => Ok(()),
        }
    }

    /// Has the device do something, and says what it refuses of it.
    pub(crate) async fn checked<T>(&self, work: impl FnOnce() -> T) -> Result<T, GpuError> {
        let memory = self.device.push_error_scope(wgpu::ErrorFilter::OutOfMemory);
        let rules = self.device.push_error_scope(wgpu::ErrorFilter::Validation);
        let done = work();
        let (rules, memory) = (rules.pop(), memory.pop());
        let (rules, memory) = (rules.await, memory.await);
        // What is refused by a device that is gone is refused because it is.
        self.check()?;
        match rules.or(memory) {
            Some(refusal) => Err(GpuError::Refused(refusal.to_string())),
            None => Ok(done),
        }
    }
}

fn keep_first(note: &Mutex<Option<String>>, reason: String) {
    let mut note = note.lock().unwrap_or_else(PoisonError::into_inner);
    note.get_or_insert(reason);
}

async fn adapter(instance: &wgpu::Instance, admit: Admit) -> Result<wgpu::Adapter, GpuError> {
    let options = |force_fallback_adapter| wgpu::RequestAdapterOptions {
        power_preference: wgpu::PowerPreference::HighPerformance,
        force_fallback_adapter,
        ..Default::default()
    };
    if admit == Admit::Software
        && let Ok(adapter) = instance.request_adapter(&options(true)).await
    {
        return Ok(adapter);
    }
    let adapter = instance.request_adapter(&options(false)).await;
    adapter.map_err(|error| GpuError::NoAdapter(error.to_string()))
}
