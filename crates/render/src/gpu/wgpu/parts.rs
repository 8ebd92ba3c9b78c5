//! wgpu's descriptions of what the renderer asks for.

use crate::gpu::{Binding, Format};

const STAGES: wgpu::ShaderStages = wgpu::ShaderStages::VERTEX_FRAGMENT;

/// A pipeline that makes its vertices from their index.
pub(in crate::gpu) struct PipelineDescription<'a> {
    pub source: &'a str,
    pub entry_points: (&'a str, &'a str),
    pub groups: &'a [&'a wgpu::BindGroupLayout],
    pub format: wgpu::TextureFormat,
    pub blend: Option<wgpu::BlendState>,
}

impl PipelineDescription<'_> {
    pub fn create(&self, device: &wgpu::Device) -> wgpu::RenderPipeline {
        let (vertex, fragment) = self.entry_points;
        let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some(vertex),
            source: wgpu::ShaderSource::Wgsl(self.source.into()),
        });
        let groups: Vec<_> = self.groups.iter().map(|group| Some(*group)).collect();
        let layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: Some(vertex),
            bind_group_layouts: &groups,
            immediate_size: 0,
        });
        device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
            label: Some(vertex),
            layout: Some(&layout),
            vertex: wgpu::VertexState {
                module: &module,
                entry_point: Some(vertex),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                buffers: &[],
            },
            primitive: wgpu::PrimitiveState::default(),
            depth_stencil: None,
            multisample: wgpu::MultisampleState::default(),
            fragment: Some(wgpu::FragmentState {
                module: &module,
                entry_point: Some(fragment),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                targets: &[Some(wgpu::ColorTargetState {
                    format: self.format,
                    blend: self.blend,
                    write_mask: wgpu::ColorWrites::ALL,
                })],
            }),
            multiview_mask: None,
            cache: None,
        })
    }
}

/// A bind group layout whose bindings are numbered in the order of `types`.
pub(in crate::gpu) fn layout(
    device: &wgpu::Device,
    label: &str,
    types: impl IntoIterator<Item = wgpu::BindingType>,
) -> wgpu::BindGroupLayout {
    let entries: Vec<_> = (0..)
        .zip(types)
        .map(|(binding, ty)| wgpu::BindGroupLayoutEntry {
            binding,
            visibility: STAGES,
            ty,
            count: None,
        })
        .collect();
    device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
        label: Some(label),
        entries: &entries,
    })
}

/// A bind group whose bindings are numbered in the order of `resources`.
pub(in crate::gpu) fn bind<'a>(
    device: &wgpu::Device,
    layout: &wgpu::BindGroupLayout,
    resources: impl IntoIterator<Item = wgpu::BindingResource<'a>>,
) -> wgpu::BindGroup {
    let entries: Vec<_> = (0..)
        .zip(resources)
        .map(|(binding, resource)| wgpu::BindGroupEntry { binding, resource })
        .collect();
    device.create_bind_group(&wgpu::BindGroupDescriptor {
        label: None,
        layout,
        entries: &entries,
    })
}

/// What a binding is to wgpu, at one number or two.
pub fn binding_types(binding: Binding) -> Vec<wgpu::BindingType> {
    use wgpu::TextureSampleType::{Float, Uint};
    use wgpu::TextureViewDimension::{D2, D2Array};
    let uniform = |has_dynamic_offset| wgpu::BindingType::Buffer {
        ty: wgpu::BufferBindingType::Uniform,
        has_dynamic_offset,
        min_binding_size: None,
    };
    let texture = |sample_type, view_dimension| wgpu::BindingType::Texture {
        sample_type,
        view_dimension,
        multisampled: false,
    };
    let filterable = |filterable| Float { filterable };
    match binding {
        Binding::Uniform => vec![uniform(false)],
        Binding::Slots => vec![uniform(true)],
        Binding::Sampled => vec![texture(filterable(true), D2), SAMPLER],
        Binding::Texels => vec![texture(filterable(true), D2)],
        Binding::IntegerArray => vec![texture(Uint, D2Array)],
        Binding::FloatArray => vec![texture(filterable(false), D2Array)],
    }
}

pub(in crate::gpu) const SAMPLER: wgpu::BindingType =
    wgpu::BindingType::Sampler(wgpu::SamplerBindingType::Filtering);

pub const fn texture_format(format: Format) -> wgpu::TextureFormat {
    match format {
        Format::Rgba8 => wgpu::TextureFormat::Rgba8Unorm,
        Format::R8 => wgpu::TextureFormat::R8Unorm,
        Format::Rg8 => wgpu::TextureFormat::Rg8Unorm,
        Format::Rgba16Float => wgpu::TextureFormat::Rgba16Float,
        Format::R32 => wgpu::TextureFormat::R32Uint,
        Format::Rgba32 => wgpu::TextureFormat::Rgba32Uint,
    }
}
