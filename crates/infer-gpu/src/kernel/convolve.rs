//! Convolutions of planes.

use super::product::describe_tiles;
use crate::source::Source;
use crate::view::{View, place};
use visionflow_infer::Convolution;

/// An image `[images, planes, rows, columns]` and its weights `[outputs, planes per group, rows,
/// columns]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Planes {
    pub image: View,
    pub weights: View,
    pub convolution: Convolution,
    /// Of the result: images, planes, rows, columns.
    pub shape: [usize; 4],
}

impl Planes {
    /// Whether each plane of the result sees one plane of the image.
    pub fn is_depthwise(&self) -> bool {
        self.weights.axes[1].length == 1
    }

    /// As a product of the weights and of columns of the image that are never written down; how many
    /// workgroups it takes.
    pub fn describe_dense(&self, source: &mut Source) -> usize {
        let [images, planes, rows, columns] = self.shape;
        let groups = self.convolution.groups;
        let per_group = planes / groups;
        let summed: usize = self.weights.axes[1..]
            .iter()
            .map(|axis| axis.length)
            .product();
        self.describe_sizes(source);
        self.describe_pixels(source);
        let (per_output, within) = (
            self.weights.axes[0].stride,
            place(&self.weights.axes[1..], "k"),
        );
        let x = source.binding(self.weights.buffer);
        let offset = self.weights.offset;
        source.returning(
            "left(batch: u32, m: u32, k: u32) -> f32",
            &format!(
                "{x}[{offset}u + (batch % {groups}u * {per_group}u + m) * {per_output}u + {within}]"
            ),
        );
        let planes_seen = self.weights.axes[1].length;
        let seen = source.function(
            "(batch: u32, k: u32, n: u32) -> f32 {\n    \
             let y = n / COLUMNS * STRIDE_Y + k / KERNEL_COLUMNS % KERNEL_ROWS * DILATION_Y - PADDING_Y;\n    \
             let x = n % COLUMNS * STRIDE_X + k % KERNEL_COLUMNS * DILATION_X - PADDING_X;\n    \
             // Above and left of the image a difference wraps around and is beyond it too.\n    \
             if y >= IMAGE_ROWS || x >= IMAGE_COLUMNS {\n        return 0.0;\n    }\n    \
             return pixel(batch / IMAGE_GROUPS, batch % IMAGE_GROUPS * PLANES_SEEN \
             + k / (KERNEL_ROWS * KERNEL_COLUMNS), y, x);\n}\n",
        );
        source.constant("IMAGE_GROUPS", groups);
        source.constant("PLANES_SEEN", planes_seen);
        let signature = "right(batch: u32, k: u32, n: u32) -> f32";
        source.returning(signature, &format!("{seen}(batch, k, n)"));
        let pixels = rows * columns;
        source.returning(
            "result_at(batch: u32, m: u32, n: u32) -> u32",
            &format!("(batch * {per_group}u + m) * {pixels}u + n"),
        );
        source.flag("LEFT_ALONG_K", true);
        source.flag("RIGHT_ALONG_K", false);
        describe_tiles(source, images * groups, [per_group, pixels, summed])
    }

    pub fn describe_depthwise(&self, source: &mut Source) {
        let [_, planes, rows, _] = self.shape;
        self.describe_sizes(source);
        self.describe_pixels(source);
        source.constant("PLANES", planes);
        source.constant("ROWS", rows);
        source.constant("PER_PLANE", planes / self.convolution.groups);
        let weights = self.weights.axes.iter().map(|axis| axis.stride);
        let [per_output, _, per_row, per_column] = four(weights);
        let x = source.binding(self.weights.buffer);
        let offset = self.weights.offset;
        source.returning(
            "weight(plane: u32, y: u32, x: u32) -> f32",
            &format!("{x}[{offset}u + plane * {per_output}u + y * {per_row}u + x * {per_column}u]"),
        );
    }

    fn describe_sizes(&self, source: &mut Source) {
        let [_, _, image_rows, image_columns] =
            four(self.image.axes.iter().map(|axis| axis.length));
        let [_, _, kernel_rows, kernel_columns] =
            four(self.weights.axes.iter().map(|axis| axis.length));
        let convolution = &self.convolution;
        for (name, value) in [
            ("COLUMNS", self.shape[3]),
            ("IMAGE_ROWS", image_rows),
            ("IMAGE_COLUMNS", image_columns),
            ("KERNEL_ROWS", kernel_rows),
            ("KERNEL_COLUMNS", kernel_columns),
            ("STRIDE_Y", convolution.strides[0]),
            ("STRIDE_X", convolution.strides[1]),
            ("DILATION_Y", convolution.dilations[0]),
            ("DILATION_X", convolution.dilations[1]),
            ("PADDING_Y", convolution.padding[0]),
            ("PADDING_X", convolution.padding[1]),
        ] {
            source.constant(name, value);
        }
    }

    fn describe_pixels(&self, source: &mut Source) {
        let strides = self.image.axes.iter().map(|axis| axis.stride);
        let [per_image, per_plane, per_row, per_column] = four(strides);
        let x = source.binding(self.image.buffer);
        let offset = self.image.offset;
        source.returning(
            "pixel(image: u32, plane: u32, y: u32, x: u32) -> f32",
            &format!(
                "{x}[{offset}u + image * {per_image}u + plane * {per_plane}u + y * {per_row}u \
                 + x * {per_column}u]"
            ),
        );
    }
}

/// Of each of the four axes.
fn four(of_axes: impl Iterator<Item = usize>) -> [usize; 4] {
    let mut four = [1; 4];
    for (own, value) in four.iter_mut().zip(of_axes) {
        *own = value;
    }
    four
}
