//! Where a photograph lies in the input of a model, and the input's values.

use crate::Error;
use crate::pixels::{check_pixels, scaled};
use crate::spec::{Input, Scaling};
use visionflow_geometry::{Point, Rect};

/// A photograph, of which the pixels may be fewer than it has.
#[derive(Clone, Copy, Debug)]
pub struct Photo<'a> {
    /// In pixels of the full photograph, in which results are given.
    pub width: u32,
    pub height: u32,
    /// Of the pixels at hand.
    pub scaled_width: usize,
    pub scaled_height: usize,
    /// Row by row; alpha is not looked at.
    pub rgba: &'a [u8],
}

/// The map between a photograph and a model's input.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fit {
    /// The part of the photograph that is seen, in its pixels.
    seen: Rect,
    /// Where that lies in the input: whole pixels.
    place: Place,
    photo: Rect,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Place {
    x: usize,
    y: usize,
    width: usize,
    height: usize,
}

impl Fit {
    /// Sides of 0 count as 1.
    pub fn new(input: &Input, photo: &Photo) -> Self {
        Self::of(input, photo).0
    }

    /// With the part of the pixels at hand that is seen.
    fn of(input: &Input, photo: &Photo) -> (Self, Place) {
        let (width, height) = (photo.scaled_width.max(1), photo.scaled_height.max(1));
        let (wide, high) = (input.width as f64, input.height as f64);
        let all = Place {
            x: 0,
            y: 0,
            width,
            height,
        };
        let mut place = Place {
            x: 0,
            y: 0,
            width: input.width,
            height: input.height,
        };
        let mut part = all;
        match input.scaling {
            Scaling::Stretch => {}
            Scaling::Letterbox => {
                let scale = (wide / width as f64).min(high / height as f64);
                let scaled = |side: usize, most: usize| {
                    ((side as f64 * scale).round() as usize).clamp(1, most)
                };
                place.width = scaled(width, input.width);
                place.height = scaled(height, input.height);
                place.x = (input.width - place.width) / 2;
                place.y = (input.height - place.height) / 2;
            }
            Scaling::Crop => {
                let scale = (width as f64 / wide).min(height as f64 / high);
                let cut = |side: f64, most: usize| ((side * scale).round() as usize).clamp(1, most);
                part.width = cut(wide, width);
                part.height = cut(high, height);
                part.x = (width - part.width) / 2;
                part.y = (height - part.height) / 2;
            }
        }
        let (full_width, full_height) = (
            f64::from(photo.width.max(1)),
            f64::from(photo.height.max(1)),
        );
        let (x, y) = (full_width / width as f64, full_height / height as f64);
        let corner = Point::new(part.x as f64 * x, part.y as f64 * y);
        let opposite = Point::new(
            (part.x + part.width) as f64 * x,
            (part.y + part.height) as f64 * y,
        );
        let fit = Self {
            seen: Rect::from_corners(corner, opposite),
            place,
            photo: Rect::from_size(full_width, full_height),
        };
        (fit, part)
    }

    /// A point of the input in the photograph's pixels; may lie beside it.
    pub fn to_image(&self, p: Point) -> Point {
        let (x, y) = self.pixel();
        Point::new(
            self.seen.min.x + (p.x - self.place.x as f64) * x,
            self.seen.min.y + (p.y - self.place.y as f64) * y,
        )
    }

    /// A point of the photograph in the input's pixels.
    pub fn to_model(&self, p: Point) -> Point {
        let (x, y) = self.pixel();
        Point::new(
            self.place.x as f64 + (p.x - self.seen.min.x) / x,
            self.place.y as f64 + (p.y - self.seen.min.y) / y,
        )
    }

    /// The photograph's pixels to one of the input's, along each axis.
    pub fn pixel(&self) -> (f64, f64) {
        (
            self.seen.width() / self.place.width as f64,
            self.seen.height() / self.place.height as f64,
        )
    }

    /// Where the photograph lies in the input, without what is filled in beside it.
    pub(crate) fn inside(&self) -> Rect {
        let corner = Point::new(self.place.x as f64, self.place.y as f64);
        let opposite = Point::new(
            (self.place.x + self.place.width) as f64,
            (self.place.y + self.place.height) as f64,
        );
        Rect::from_corners(corner, opposite)
    }

    /// The point of the photograph that is nearest.
    pub(crate) fn clamped(&self, p: Point) -> Point {
        Point::new(
            p.x.clamp(0.0, self.photo.max.x),
            p.y.clamp(0.0, self.photo.max.y),
        )
    }
}

/// The input's values, in the order that it takes them.
pub(crate) fn values(input: &Input, photo: &Photo) -> Result<(Fit, Vec<f32>), Error> {
    check_pixels(photo.scaled_width, photo.scaled_height, photo.rgba)?;
    let (fit, part) = Fit::of(input, photo);
    let seen = crop(photo, part);
    let area = input.width * input.height;
    let mut values = vec![0.0; 3 * area];
    let at = |x: usize, y: usize, channel: usize| {
        if input.channels_last {
            (y * input.width + x) * 3 + channel
        } else {
            channel * area + y * input.width + x
        }
    };
    let normal =
        |value: f32, channel: usize| (value - input.mean[channel]) / input.deviation[channel];
    for y in 0..input.height {
        for x in 0..input.width {
            for channel in 0..3 {
                values[at(x, y, channel)] = normal(input.fill, channel);
            }
        }
    }
    let place = fit.place;
    scaled(
        (part.width, part.height),
        &seen,
        (place.width, place.height),
        |y, row| {
            for (x, pixel) in row.chunks_exact(3).enumerate() {
                for (channel, value) in pixel.iter().enumerate() {
                    values[at(place.x + x, place.y + y, channel)] = normal(*value, channel);
                }
            }
        },
    );
    Ok((fit, values))
}

fn crop<'a>(photo: &Photo<'a>, part: Place) -> std::borrow::Cow<'a, [u8]> {
    if part.width == photo.scaled_width && part.height == photo.scaled_height {
        return photo.rgba.into();
    }
    let rows = (part.y..part.y + part.height).flat_map(|y| {
        let row = &photo.rgba[(y * photo.scaled_width + part.x) * 4..][..part.width * 4];
        row.iter().copied()
    });
    rows.collect::<Vec<u8>>().into()
}

#[cfg(test)]
mod tests;
