//! Colour profiles: pixels of our own decoders become sRGB, as the browser's do.

use crate::pixels::Raster;
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};
use std::fmt;
use std::sync::Arc;

/// From a picture's own colours to sRGB.
#[derive(Clone)]
pub struct ToSrgb {
    shallow: Arc<dyn moxcms::TransformExecutor<u8> + Send + Sync>,
    deep: Arc<dyn moxcms::TransformExecutor<u16> + Send + Sync>,
    channels: usize,
}

impl fmt::Debug for ToSrgb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ToSrgb").finish_non_exhaustive()
    }
}

impl ToSrgb {
    /// `None` where nothing is to be done: no colours, or a profile that cannot be read, which is
    /// then taken for sRGB as browsers do.
    pub fn new(icc_profile: &[u8], channels: usize) -> Option<Self> {
        let layout = match channels {
            3 => Layout::Rgb,
            4 => Layout::Rgba,
            _ => return None,
        };
        let source = ColorProfile::new_from_slice(icc_profile).ok()?;
        if source.color_space != DataColorSpace::Rgb {
            return None;
        }
        let srgb = ColorProfile::new_srgb();
        let options = TransformOptions::default();
        Some(Self {
            shallow: source
                .create_transform_8bit(layout, &srgb, layout, options)
                .ok()?,
            deep: source
                .create_transform_16bit(layout, &srgb, layout, options)
                .ok()?,
            channels,
        })
    }

    pub fn apply(&self, raster: Raster) -> Raster {
        if raster.channels != self.channels {
            return raster;
        }
        let converted = if raster.depth == 1 {
            let mut out = vec![0; raster.bytes.len()];
            self.shallow
                .transform(&raster.bytes, &mut out)
                .map(|()| out)
        } else {
            let pairs = raster.bytes.chunks_exact(2);
            let words: Vec<u16> = pairs
                .map(|two| u16::from_le_bytes([two[0], two[1]]))
                .collect();
            let mut out = vec![0; words.len()];
            self.deep
                .transform(&words, &mut out)
                .map(|()| out.iter().flat_map(|word| word.to_le_bytes()).collect())
        };
        match converted {
            Ok(bytes) => Raster { bytes, ..raster },
            Err(_) => raster,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(profile: &ColorProfile, depth: usize, from: [u32; 3], to: [u32; 3], within: u32) {
        let bytes = profile.encode().unwrap();
        let mut raster = Raster::new(1, 1, 3, depth);
        for (n, value) in from.into_iter().enumerate() {
            raster.set_sample(n, value);
        }
        let converted = ToSrgb::new(&bytes, 3).unwrap().apply(raster);
        for (n, expected) in to.into_iter().enumerate() {
            let actual = converted.sample(n);
            assert!(actual.abs_diff(expected) <= within, "channel {n}: {actual}");
        }
    }

    #[test]
    fn the_profiles_of_cameras_and_screens() {
        // Greys stay; colours become what the public formulas of both spaces say.
        check(
            &ColorProfile::new_srgb(),
            1,
            [200, 100, 50],
            [200, 100, 50],
            1,
        );
        check(
            &ColorProfile::new_display_p3(),
            1,
            [128, 128, 128],
            [128, 128, 128],
            1,
        );
        check(
            &ColorProfile::new_display_p3(),
            1,
            [200, 100, 50],
            [213, 96, 32],
            3,
        );
        check(
            &ColorProfile::new_adobe_rgb(),
            1,
            [100, 150, 200],
            [63, 151, 203],
            3,
        );
        check(
            &ColorProfile::new_adobe_rgb(),
            2,
            [25_700, 38_550, 51_400],
            [16_191, 38_807, 52_171],
            800,
        );
    }

    #[test]
    fn what_is_no_profile_changes_nothing() {
        assert!(ToSrgb::new(b"nonsense", 3).is_none());
        assert!(ToSrgb::new(&ColorProfile::new_srgb().encode().unwrap(), 1).is_none());
    }
}
