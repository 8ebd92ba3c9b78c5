//! A plan on a device: pipelines made once, weights uploaded once, run again and again.

use crate::plan::{Memory, Plan};
use crate::readback::read;
use crate::view::BufferId;
use crate::{Dispatch, Gpu, GpuError};
use std::collections::HashMap;
use visionflow_infer::Graph;

/// So many shaders are handed over at a time: a page draws between them, and no driver takes a long
/// one for hung.
const AT_ONCE: usize = 16;

/// A network that is ready to run.
pub struct Network {
    gpu: Gpu,
    steps: Vec<Step>,
    inputs: Vec<Port>,
    outputs: Vec<Port>,
}

struct Step {
    pipeline: wgpu::ComputePipeline,
    bindings: wgpu::BindGroup,
    groups: [u32; 2],
}

/// A buffer that is written or read from outside.
struct Port {
    buffer: wgpu::Buffer,
    length: usize,
    /// Of outputs, what they are copied to.
    readable: Option<wgpu::Buffer>,
}

impl Network {
    /// Plans a graph, and puts it on a device.
    pub async fn new(gpu: Gpu, graph: &Graph) -> Result<Self, GpuError> {
        let plan = Plan::new(graph, &gpu.limits)?;
        let (steps, inputs, outputs) = gpu.checked(|| build(&gpu.device, &plan)).await?;
        Ok(Self {
            gpu,
            steps,
            inputs,
            outputs,
        })
    }

    /// Adapter and driver, in words.
    pub fn device_name(&self) -> &str {
        &self.gpu.name
    }

    /// How many shaders a run takes.
    pub fn steps(&self) -> usize {
        self.steps.len()
    }

    /// Computes the outputs from all inputs.
    pub async fn run(&self, inputs: &[&[f32]]) -> Result<Vec<Vec<f32>>, GpuError> {
        self.gpu.check()?;
        for (at, port) in self.inputs.iter().enumerate() {
            let got = inputs.get(at).map_or(0, |input| input.len());
            if got != port.length {
                let needed = port.length;
                return Err(GpuError::Input { needed, got });
            }
        }
        self.gpu.checked(|| self.submit(inputs)).await?;
        let mut results = Vec::new();
        for port in &self.outputs {
            if let Some(readable) = &port.readable {
                results.push(read(&self.gpu, readable).await?);
            }
        }
        Ok(results)
    }

    fn submit(&self, inputs: &[&[f32]]) {
        let Gpu { device, queue, .. } = &self.gpu;
        for (port, input) in self.inputs.iter().zip(inputs) {
            queue.write_buffer(&port.buffer, 0, bytemuck::cast_slice(input));
        }
        let described = wgpu::CommandEncoderDescriptor::default();
        for steps in self.steps.chunks(AT_ONCE) {
            let mut encoder = device.create_command_encoder(&described);
            {
                let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
                for step in steps {
                    pass.set_pipeline(&step.pipeline);
                    pass.set_bind_group(0, &step.bindings, &[]);
                    pass.dispatch_workgroups(step.groups[0], step.groups[1], 1);
                }
            }
            queue.submit([encoder.finish()]);
        }
        let mut encoder = device.create_command_encoder(&described);
        for port in &self.outputs {
            if let Some(readable) = &port.readable {
                let bytes = port.length as u64 * 4;
                encoder.copy_buffer_to_buffer(&port.buffer, 0, readable, 0, bytes);
            }
        }
        queue.submit([encoder.finish()]);
    }
}

fn build(device: &wgpu::Device, plan: &Plan) -> (Vec<Step>, Vec<Port>, Vec<Port>) {
    let buffers = buffers(device, plan);
    let mut pipelines: HashMap<&str, wgpu::ComputePipeline> = HashMap::new();
    let mut steps = Vec::new();
    for dispatch in &plan.dispatches {
        let made = pipelines.entry(&dispatch.shader);
        let pipeline = made.or_insert_with(|| pipeline(device, &dispatch.shader));
        steps.push(Step {
            bindings: bind(device, pipeline, dispatch, &buffers),
            pipeline: pipeline.clone(),
            groups: dispatch.groups,
        });
    }
    let port = |id: &BufferId, is_output: bool| {
        let length = plan.lengths[id.0];
        let usage = wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::MAP_READ;
        Port {
            buffer: buffers[id.0].clone(),
            length,
            readable: is_output.then(|| buffer(device, length, usage, &[])),
        }
    };
    let inputs = plan.inputs.iter().map(|id| port(id, false)).collect();
    let outputs = plan.outputs.iter().map(|id| port(id, true)).collect();
    (steps, inputs, outputs)
}

/// The memory of each of a plan's buffers; many share one.
fn buffers(device: &wgpu::Device, plan: &Plan) -> Vec<wgpu::Buffer> {
    let memory = Memory::new(plan);
    let mut known: HashMap<usize, &[f32]> = HashMap::new();
    for (id, values) in &plan.constants {
        known.insert(memory.slots[id.0], values);
    }
    let usage =
        wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_SRC | wgpu::BufferUsages::COPY_DST;
    let slots = memory.lengths.iter().enumerate();
    let slots: Vec<wgpu::Buffer> = slots
        .map(|(slot, length)| {
            let values = known.get(&slot).copied().unwrap_or_default();
            buffer(device, *length, usage, values)
        })
        .collect();
    memory
        .slots
        .iter()
        .map(|slot| slots[*slot].clone())
        .collect()
}

fn buffer(
    device: &wgpu::Device,
    length: usize,
    usage: wgpu::BufferUsages,
    values: &[f32],
) -> wgpu::Buffer {
    let buffer = device.create_buffer(&wgpu::BufferDescriptor {
        label: None,
        size: length.max(1) as u64 * 4,
        usage,
        mapped_at_creation: !values.is_empty(),
    });
    if !values.is_empty() {
        // A buffer that there was no memory for has none to be written; its scope says so.
        if let Ok(mut mapped) = buffer.get_mapped_range_mut(..) {
            mapped.copy_from_slice(bytemuck::cast_slice(values));
        }
        buffer.unmap();
    }
    buffer
}

fn pipeline(device: &wgpu::Device, shader: &str) -> wgpu::ComputePipeline {
    let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
        label: None,
        source: wgpu::ShaderSource::Wgsl(shader.into()),
    });
    device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
        label: None,
        layout: None,
        module: &module,
        entry_point: Some("main"),
        compilation_options: wgpu::PipelineCompilationOptions::default(),
        cache: None,
    })
}

fn bind(
    device: &wgpu::Device,
    pipeline: &wgpu::ComputePipeline,
    dispatch: &Dispatch,
    buffers: &[wgpu::Buffer],
) -> wgpu::BindGroup {
    let all = [&dispatch.result].into_iter().chain(&dispatch.reads);
    let entries = all.enumerate().map(|(at, id)| wgpu::BindGroupEntry {
        binding: at as u32,
        resource: buffers[id.0].as_entire_binding(),
    });
    device.create_bind_group(&wgpu::BindGroupDescriptor {
        label: None,
        layout: &pipeline.get_bind_group_layout(0),
        entries: &entries.collect::<Vec<_>>(),
    })
}
