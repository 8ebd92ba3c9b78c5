//! Convolutions and averages, whatever the order of their axes, as convolutions of planes.

use super::Lowering;
use crate::graph::{Convolution, Operation, ValueId};
use tract_onnx::tract_core::ops::cnn::{Conv, KernelFormat, PoolSpec, SumPool};
use tract_onnx::tract_core::ops::nn::DataFormat;

impl Lowering<'_> {
    /// A convolution in two directions; of others there is nothing.
    pub(super) fn convolution(
        &mut self,
        op: &Conv,
        inputs: &[ValueId],
        shape: &[usize],
    ) -> Option<ValueId> {
        let [image, weights, bias] = *inputs else {
            return None;
        };
        let is_plain = op.kernel_fmt == KernelFormat::OIHW && op.q_params.is_none();
        let is_flat = op.pool_spec.kernel_shape.len() == 2;
        let own = [image, weights, bias];
        (is_plain && is_flat).then(|| self.of_planes(&op.pool_spec, op.group, own, shape))
    }

    /// Sums or means of rectangles, as a convolution of each plane by one number.
    pub(super) fn pooling(
        &mut self,
        op: &SumPool,
        image: ValueId,
        shape: &[usize],
    ) -> Option<ValueId> {
        let pool = &op.pool_spec;
        let [rows, columns] = *pool.kernel_shape.as_slice() else {
            return None;
        };
        let channels = pool.output_channels;
        let weight = if op.normalize {
            1.0 / (rows * columns) as f32
        } else {
            1.0
        };
        let weights = vec![weight; channels * rows * columns];
        let weights = self.graph.constant(&[channels, 1, rows, columns], weights);
        let bias = self.graph.constant(&[1], [0.0]);
        // At the edges fewer pixels may count.
        let counts_all = !op.normalize
            || op.count_include_pad
            || (0..2).all(|axis| pool.padding.valid_dim(axis, false));
        counts_all.then(|| self.of_planes(pool, channels, [image, weights, bias], shape))
    }

    fn of_planes(
        &mut self,
        pool: &PoolSpec,
        groups: usize,
        [image, weights, bias]: [ValueId; 3],
        shape: &[usize],
    ) -> ValueId {
        let format = pool.data_format;
        let is_last = matches!(format, DataFormat::NHWC | DataFormat::HWC);
        let has_batch = matches!(format, DataFormat::NCHW | DataFormat::NHWC);
        let image = if has_batch {
            image
        } else {
            let batch = [&[1], self.graph.shapes[image].as_slice()].concat();
            self.graph.push(Operation::Reshape, &[image], &batch)
        };
        let image = if is_last {
            self.transposed(image, [0, 3, 1, 2])
        } else {
            image
        };
        let planes = self.graph.shapes[image].clone();
        let padding = pool.computed_padding(&planes[2..]);
        let pair = |of: &[usize]| [of[0], of[1]];
        let convolution = Convolution {
            strides: pair(&pool.strides()),
            dilations: pair(&pool.dilations()),
            padding: [padding[0].pad_before, padding[1].pad_before],
            groups,
        };
        let outputs = [
            planes[0],
            pool.output_channels,
            padding[0].convoluted,
            padding[1].convoluted,
        ];
        let operation = Operation::Convolve(convolution);
        let made = self
            .graph
            .push(operation, &[image, weights, bias], &outputs);
        let made = if is_last {
            self.transposed(made, [0, 2, 3, 1])
        } else {
            made
        };
        if has_batch {
            made
        } else {
            self.graph.push(Operation::Reshape, &[made], shape)
        }
    }

    fn transposed(&mut self, value: ValueId, axes: [usize; 4]) -> ValueId {
        let shape = axes.map(|axis| self.graph.shapes[value][axis]);
        let operation = Operation::Transpose(axes.to_vec());
        self.graph.push(operation, &[value], &shape)
    }
}
