//! Files written here by the specification, in every layout that is read, and hostile ones.

mod writer;

use super::*;
use crate::tiles::TileId;
use proptest::prelude::*;
use writer::{Page, Scheme, write};

/// Opens and decodes a whole level as a browser would: nothing but the ranges that were asked for.
fn whole(bytes: &[u8], level: usize) -> Result<Raster, ReadError> {
    let mut file = Sparse::new(bytes.len() as u64);
    let part = |range: &Range<u64>| &bytes[range.start as usize..range.end as usize];
    for _ in 0..200 {
        match whole_of(&file, level, &part) {
            Err(ReadError::Need(range)) => file.supply(range.start, part(&range).to_vec()),
            done => return done,
        }
    }
    panic!("asks for ever");
}

fn whole_of<'a>(
    file: &Sparse,
    level: usize,
    part: &impl Fn(&Range<u64>) -> &'a [u8],
) -> Result<Raster, ReadError> {
    let tiff = Tiff::open(file)?;
    let shape = tiff.level(level)?.clone();
    let mut raster = Raster::new(shape.width, shape.height, shape.channels(), shape.depth());
    for chunk in tiff.chunks(file, level, (0, 0, shape.width, shape.height))? {
        let parts: Vec<_> = chunk.ranges.iter().map(part).collect();
        let at = (
            i64::from(chunk.col * shape.chunk_width),
            i64::from(chunk.row * shape.chunk_height),
        );
        raster.paste(&tiff.decode(level, &chunk, &parts)?, at);
    }
    Ok(raster)
}

/// What a page of [`Page::samples`] looks like once it is decoded.
fn check(page: &Page) {
    let raster = whole(&write(std::slice::from_ref(page)), 0).unwrap();
    assert_eq!((raster.width, raster.height), (page.width, page.height));
    assert_eq!(raster.depth, page.bits.div_ceil(8) as usize);
    assert_eq!(raster.channels, page.samples, "{page:?}");
    assert!(raster.bytes == page.sample_bytes(), "{page:?}");
}

#[test]
fn every_layout_gives_the_samples_that_were_written() {
    let layouts = [
        Page::new(100, 70),
        Page {
            tile: Some((32, 16)),
            ..Page::new(100, 70)
        },
        Page {
            rows_per_strip: 7,
            ..Page::new(100, 70)
        },
        Page {
            is_little: false,
            ..Page::new(33, 20)
        },
        Page {
            is_big: true,
            ..Page::new(33, 20)
        },
        Page {
            is_big: true,
            is_little: false,
            tile: Some((16, 16)),
            ..Page::new(33, 20)
        },
        Page {
            is_planar: true,
            tile: Some((16, 32)),
            ..Page::new(50, 40)
        },
    ];
    for layout in layouts {
        for scheme in [
            Scheme::None,
            Scheme::PackBits,
            Scheme::Lzw,
            Scheme::Deflate,
            Scheme::Zstd,
        ] {
            for (samples, bits) in [(3, 8), (1, 8), (1, 16), (3, 16), (4, 8)] {
                for predictor in [1, 2] {
                    check(&Page {
                        samples,
                        bits,
                        scheme,
                        predictor,
                        ..layout.clone()
                    });
                }
            }
        }
    }
}

#[test]
fn strips_wider_than_tiles_are_gone_through_once_for_a_row_of_them() {
    let page = Page {
        samples: 1,
        rows_per_strip: 7,
        ..Page::new(2100, 2100)
    };
    let bytes = write(std::slice::from_ref(&page));
    let mut file = Sparse::new(bytes.len() as u64);
    file.supply(0, bytes.clone());
    let picture = TiffPicture::new(Tiff::open(&file).unwrap()).unwrap();
    let tiff = picture.tiff();
    let decoded = |level: usize, chunks: &[Chunk]| -> Vec<Raster> {
        let part = |range: &Range<u64>| &bytes[range.start as usize..range.end as usize];
        let one = |chunk: &Chunk| {
            tiff.decode(level, chunk, &[part(&chunk.ranges[0])])
                .unwrap()
        };
        chunks.iter().map(one).collect()
    };
    for (level, row, cols) in [(0, 0, 5), (0, 4, 5), (1, 1, 3), (1, 2, 3)] {
        let first = TileId::new(level, 0, row);
        assert!(picture.is_of_wide_chunks(first));
        let mut band = picture.begin_band(first).unwrap();
        while let Some((from, chunks)) = band.next_chunks(tiff, &file).unwrap() {
            band.took(tiff, &decoded(from, &chunks)).unwrap();
        }
        let band = band.finish();
        for col in 0..cols {
            let tile = TileId::new(level, col, row);
            let (from, chunks) = picture.chunks(&file, tile).unwrap();
            let rasters = decoded(from, &chunks);
            let placed = chunks.iter().zip(&rasters);
            let placed: Vec<_> = placed.map(|(chunk, r)| (chunk.col, chunk.row, r)).collect();
            let alone = picture.tile(tile, &placed).unwrap();
            assert!(picture.tile_of_band(tile, &band) == Some(alone), "{tile:?}");
        }
    }
}

#[test]
fn jpeg_tiles_with_their_tables_apart() {
    let page = Page {
        scheme: Scheme::Jpeg,
        tile: Some((32, 32)),
        ..Page::new(100, 70)
    };
    let raster = whole(&write(std::slice::from_ref(&page)), 0).unwrap();
    let expected = page.sample_bytes();
    let far = raster
        .bytes
        .iter()
        .zip(&expected)
        .filter(|(a, b)| a.abs_diff(**b) > 24);
    assert!(
        far.count() * 100 < expected.len(),
        "the picture is another one"
    );
}

#[test]
fn palettes_inverted_greys_and_bits() {
    let palette: Vec<u16> = (0..768)
        .map(|n| (n % 256 * 257) as u16 ^ (n / 256 * 0xff00) as u16)
        .collect();
    let page = Page {
        samples: 1,
        palette: palette.clone(),
        photometric: 3,
        ..Page::new(20, 10)
    };
    let raster = whole(&write(std::slice::from_ref(&page)), 0).unwrap();
    let index = page.sample_bytes()[57] as usize;
    let expected = [0, 1, 2].map(|n| (palette[n * 256 + index] >> 8) as u8);
    assert_eq!(raster.bytes[57 * 3..58 * 3], expected);

    let inverted = Page {
        samples: 1,
        photometric: 0,
        ..Page::new(20, 10)
    };
    let raster = whole(&write(std::slice::from_ref(&inverted)), 0).unwrap();
    assert_eq!(raster.bytes[57], 255 - inverted.sample_bytes()[57]);

    let bits = Page {
        samples: 1,
        bits: 1,
        ..Page::new(201, 10)
    };
    let raster = whole(&write(std::slice::from_ref(&bits)), 0).unwrap();
    let values: std::collections::BTreeSet<u8> = raster.bytes.iter().copied().collect();
    assert_eq!(values.into_iter().collect::<Vec<_>>(), [0, 255]);
    assert_eq!(raster.bytes.len(), 2010);
}

#[test]
fn overviews_in_the_chain_and_in_sub_directories() {
    for in_sub_directory in [false, true] {
        let main = Page {
            tile: Some((64, 64)),
            ..Page::new(1000, 601)
        };
        let half = Page {
            subfile: 1,
            in_sub_directory,
            ..Page::new(500, 301)
        };
        let quarter = Page {
            subfile: 1,
            in_sub_directory,
            ..Page::new(250, 151)
        };
        let mask = Page {
            subfile: 4,
            in_sub_directory,
            ..Page::new(1000, 601)
        };
        let other = Page {
            ..Page::new(700, 300)
        };
        let bytes = write(&[main, half.clone(), quarter, mask, other]);
        let mut file = Sparse::new(bytes.len() as u64);
        file.supply(0, bytes.clone());
        let tiff = Tiff::open(&file).unwrap();
        let widths: Vec<_> = tiff.levels.iter().map(|level| level.width).collect();
        assert_eq!(widths, [1000, 500, 250]);
        assert_eq!(tiff.other_pages, 1);
        assert!(whole(&bytes, 1).unwrap().bytes == half.sample_bytes());
    }
}

#[test]
fn a_tile_of_a_large_file_needs_few_bytes() {
    let page = Page {
        tile: Some((64, 64)),
        samples: 1,
        ..Page::new(3000, 2000)
    };
    let bytes = write(&[page]);
    let mut file = Sparse::new(bytes.len() as u64);
    let mut asked = 0;
    let chunks = loop {
        let answer = Tiff::open(&file).and_then(|tiff| tiff.chunks(&file, 0, (640, 640, 64, 64)));
        match answer {
            Ok(chunks) => break chunks,
            Err(ReadError::Need(range)) => {
                asked += range.end - range.start;
                let part = &bytes[range.start as usize..range.end as usize];
                file.supply(range.start, part.to_vec());
            }
            Err(error) => panic!("{error}"),
        }
    };
    assert_eq!(chunks.len(), 1);
    let tile: u64 = chunks[0].ranges.iter().map(|r| r.end - r.start).sum();
    assert!(asked + tile < bytes.len() as u64 / 20, "{asked}");
}

#[test]
fn the_orientation_is_read() {
    let page = Page {
        orientation: 6,
        ..Page::new(30, 20)
    };
    let bytes = write(&[page]);
    let mut file = Sparse::new(bytes.len() as u64);
    file.supply(0, bytes);
    let tiff = Tiff::open(&file).unwrap();
    assert_eq!(tiff.orientation.size((30, 20)), (20, 30));
}

fn refused(bytes: &[u8], words: &str) {
    let error = whole(bytes, 0).unwrap_err().to_string();
    assert!(error.contains(words), "{error}");
}

#[test]
fn hostile_files_are_refused_in_words() {
    refused(b"", "cut off");
    refused(b"GIF89a and more", "not TIFF");
    refused(b"II\x2a\0\xff\xff\xff\xff", "cut off");
    let good = Page::new(100, 70);
    let bytes = write(std::slice::from_ref(&good));
    refused(&bytes[..bytes.len() * 2 / 3], "cut off");
    refused(
        &write(&[Page {
            width: 0,
            ..good.clone()
        }]),
        "0 × 70",
    );
    refused(
        &write(&[Page {
            claimed_width: Some(4_000_000_000),
            ..good.clone()
        }]),
        "4000000000",
    );
    refused(
        &write(&[Page {
            claimed_width: Some(9_000_000),
            ..good.clone()
        }]),
        "256 MB",
    );
    refused(
        &write(&[Page {
            compression: Some(34_887),
            ..good.clone()
        }]),
        "LERC",
    );
    refused(
        &write(&[Page {
            photometric: 8,
            ..good.clone()
        }]),
        "Lab",
    );
    refused(
        &write(&[Page {
            sample_format: 3,
            ..good.clone()
        }]),
        "floating-point",
    );
    refused(
        &write(&[Page {
            circle: true,
            ..good.clone()
        }]),
        "circle",
    );
    refused(
        &write(&[Page {
            scheme: Scheme::Deflate,
            corrupt: true,
            ..good
        }]),
        "inflated",
    );
}

proptest! {
    /// Whatever the bytes, the answer is a value: never a panic, never without end.
    #[test]
    fn hostile_bytes_are_answered(
        scheme in prop::sample::select(vec![Scheme::None, Scheme::PackBits, Scheme::Lzw, Scheme::Deflate, Scheme::Zstd, Scheme::Jpeg]),
        is_big in any::<bool>(),
        flips in prop::collection::vec((0..600_usize, any::<u8>()), 1..12),
        cut in 0..2000_usize,
    ) {
        let page = Page { scheme, is_big, tile: Some((16, 16)), ..Page::new(24, 20) };
        let mut bytes = write(&[page.clone(), Page { subfile: 1, ..Page::new(12, 10) }]);
        for (at, value) in flips {
            let at = at % bytes.len();
            bytes[at] = value;
        }
        bytes.truncate(bytes.len() - cut.min(bytes.len() / 2));
        let mut file = Sparse::new(bytes.len() as u64);
        file.supply(0, bytes.clone());
        if let Ok(tiff) = Tiff::open(&file) {
            for level in 0..tiff.levels.len() {
                let corner = tiff.chunks(&file, level, (0, 0, 40, 40)).unwrap_or_default();
                for chunk in corner.iter().take(16) {
                    let parts: Vec<_> = chunk.ranges.iter()
                        .map(|range| &bytes[range.start as usize..range.end as usize])
                        .collect();
                    let _ = tiff.decode(level, chunk, &parts);
                }
            }
        }
    }
}

/// A tile of a picture, with nothing but the ranges that it names.
fn tile(
    picture: &TiffPicture,
    file: &Sparse,
    bytes: &[u8],
    id: crate::tiles::TileId,
) -> crate::Pixels {
    let (level, chunks) = picture.chunks(file, id).unwrap();
    let decoded: Vec<_> = chunks
        .iter()
        .map(|chunk| (chunk.col, chunk.row, decoded(picture, bytes, level, chunk)))
        .collect();
    let borrowed: Vec<_> = decoded
        .iter()
        .map(|(col, row, raster)| (*col, *row, raster))
        .collect();
    picture.tile(id, &borrowed).unwrap()
}

fn decoded(picture: &TiffPicture, bytes: &[u8], level: usize, chunk: &Chunk) -> Raster {
    let part = |range: &Range<u64>| &bytes[range.start as usize..range.end as usize];
    let parts: Vec<_> = chunk.ranges.iter().map(part).collect();
    picture.tiff().decode(level, chunk, &parts).unwrap()
}

#[test]
fn a_file_of_strips_becomes_a_pyramid_by_one_pass() {
    let page = Page {
        samples: 1,
        rows_per_strip: 30,
        ..Page::new(3000, 1600)
    };
    let bytes = write(std::slice::from_ref(&page));
    let mut file = Sparse::new(bytes.len() as u64);
    file.supply(0, bytes.clone());
    let mut picture = TiffPicture::new(Tiff::open(&file).unwrap()).unwrap();
    let levels = picture.pyramid().levels.clone();
    assert_eq!(levels.len(), 4);
    let coarsest = crate::tiles::TileId::new(3, 0, 0);
    assert!(!picture.has(coarsest));
    let mut done = 0.0;
    while let Some((level, chunks)) = picture.next_chunks(&file).unwrap() {
        let rasters: Vec<_> = chunks
            .iter()
            .map(|chunk| decoded(&picture, &bytes, level, chunk))
            .collect();
        done = picture.took(&rasters);
    }
    assert_eq!(done, 1.0);
    // Each level against means of the one above it.
    let mut expected = Raster {
        width: 3000,
        height: 1600,
        channels: 1,
        depth: 1,
        bytes: page.sample_bytes(),
    };
    for (n, level) in levels.iter().enumerate() {
        let (cols, rows) = level.grid();
        let id = crate::tiles::TileId::new(n as u8, cols - 1, rows - 1);
        assert!(picture.has(id));
        let pixels = tile(&picture, &file, &bytes, id);
        let (x, y, width, height) = level.pixels(id.col, id.row);
        assert_eq!((pixels.width, pixels.height), (width, height));
        let mut part = Raster::new(width, height, 1, 1);
        part.paste(&expected, (-i64::from(x), -i64::from(y)));
        let worst = pixels
            .bytes
            .iter()
            .zip(&part.bytes)
            .map(|(a, b)| a.abs_diff(*b))
            .max();
        assert!(worst <= Some(2), "level {n} is off by {worst:?}");
        expected = expected.halved();
    }
}

#[test]
fn tiny_and_huge_tiles_are_grouped_and_cut() {
    for side in [16, 2048] {
        let page = Page {
            samples: 1,
            tile: Some((side, side)),
            ..Page::new(700, 500)
        };
        let bytes = write(std::slice::from_ref(&page));
        let mut file = Sparse::new(bytes.len() as u64);
        file.supply(0, bytes.clone());
        let picture = TiffPicture::new(Tiff::open(&file).unwrap()).unwrap();
        let level = picture.pyramid().levels[0];
        assert!((256..=512).contains(&level.tile_width), "{level:?}");
        let pixels = tile(&picture, &file, &bytes, crate::tiles::TileId::new(0, 1, 0));
        let expected = page.sample_bytes()[level.tile_width as usize + 3 * 700];
        assert_eq!(pixels.bytes[3 * pixels.width as usize], expected);
    }
}
