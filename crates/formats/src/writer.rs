//! The zip around every format: media, annotation files, report.

use crate::names::{Folders, Names};
use crate::spool::MakeSpool;
use crate::{Report, coco, voc, yolo};
use std::io::{self, Read, Write};
use thiserror::Error;
use visionflow_geometry::sort_by;
use visionflow_model::{Annotation, Label, LabelId, Ontology};
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, ZipWriter};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Coco,
    YoloDetect,
    YoloSegment,
    PascalVoc,
}

/// What is said once for the whole dataset.
#[derive(Clone, Debug)]
pub struct Dataset {
    pub name: String,
    /// RFC 3339; from outside, so that the same dataset gives the same bytes.
    pub created_at: String,
    pub ontology: Ontology,
}

/// One image of the dataset.
#[derive(Clone, Copy, Debug)]
pub struct Item<'a> {
    pub filename: &'a str,
    /// Pixels of the oriented image, the space of the annotations.
    pub width: u32,
    pub height: u32,
    pub annotations: &'a [Annotation],
}

#[derive(Debug, Error)]
pub enum WriteError {
    #[error("the dataset cannot be written: {0}")]
    Io(#[from] io::Error),
    #[error("the zip cannot be written: {0}")]
    Zip(#[from] zip::result::ZipError),
    #[error("JSON cannot be written: {0}")]
    Json(#[from] serde_json::Error),
}

/// Writes a dataset to `W`, which need not seek.
///
/// After an error the bytes written so far are worthless.
pub struct DatasetWriter<W: Write> {
    out: Out<W>,
    labels: Labels,
    names: Names,
    format: State,
}

enum State {
    Coco(coco::Coco),
    Yolo(yolo::Yolo),
    Voc(voc::Voc),
}

impl<W: Write> DatasetWriter<W> {
    pub fn new(
        sink: W,
        format: Format,
        dataset: Dataset,
        mut spool: MakeSpool,
    ) -> Result<Self, WriteError> {
        let labels = Labels::new(dataset.ontology.clone());
        let (state, folders) = match format {
            Format::Coco => (
                State::Coco(coco::Coco::new(dataset, &mut spool)?),
                Folders::Keep,
            ),
            Format::YoloDetect => (
                State::Yolo(yolo::Yolo::new(yolo::Task::Detect)),
                Folders::Flatten,
            ),
            Format::YoloSegment => (
                State::Yolo(yolo::Yolo::new(yolo::Task::Segment)),
                Folders::Flatten,
            ),
            Format::PascalVoc => (
                State::Voc(voc::Voc::new(dataset.name, &mut spool)?),
                Folders::Keep,
            ),
        };
        Ok(Self {
            out: Out {
                zip: ZipWriter::new_stream(sink),
                report: Report::default(),
            },
            labels,
            names: Names::new(folders),
            format: state,
        })
    }

    /// Adds one image with its annotations and, where given, its file.
    ///
    /// Annotations whose label the ontology does not know are left out and reported.
    pub fn item(&mut self, item: Item, media: Option<&mut dyn Read>) -> Result<(), WriteError> {
        let name = self.names.take(item.filename);
        if name != item.filename {
            let given = item.filename;
            self.out
                .report
                .note("The file was renamed", || format!("{given} → {name}"));
        }
        let entry = Entry::new(&name, item, &mut self.labels, &mut self.out.report);
        for classed in &entry.annotations {
            if classed.annotation.group.is_some() {
                let what = "Groups of annotations have no place in this format";
                self.out.report.note(what, || classed.place(&entry));
            }
        }
        let folder = match &mut self.format {
            State::Coco(coco) => coco.item(&entry, &mut self.out)?,
            State::Yolo(yolo) => yolo.item(&entry, &mut self.out)?,
            State::Voc(voc) => voc.item(&entry, &mut self.out)?,
        };
        if let Some(media) = media {
            self.out.stored(&format!("{folder}/{name}"), media)?;
        }
        Ok(())
    }

    /// Adds a remark to the report, such as a photograph that was turned upright.
    pub fn note(&mut self, what: &str, place: &str) {
        self.out.report.note(what, || place.to_owned());
    }

    /// Writes what comes last and gives the sink back.
    pub fn finish(mut self) -> Result<(W, Report), WriteError> {
        match self.format {
            State::Coco(coco) => coco.finish(&self.labels, &mut self.out)?,
            State::Yolo(_) => yolo::Yolo::finish(&self.labels, &mut self.out)?,
            State::Voc(voc) => voc.finish(&self.labels, &mut self.out)?,
        }
        let text = self.out.report.to_text();
        self.out.text("report.txt", &text)?;
        let sink = self.out.zip.finish()?.into_inner();
        Ok((sink, self.out.report))
    }
}

/// The zip and the report, which every format writes to.
pub(crate) struct Out<W: Write> {
    zip: ZipWriter<StreamWriter<W>>,
    pub report: Report,
}

impl<W: Write> Out<W> {
    pub fn text(&mut self, path: &str, text: &str) -> Result<(), WriteError> {
        self.deflated(path, &mut text.as_bytes(), text.len() as u64)
    }

    /// A file of `size_bytes`, which has to be known: only one of 4 GiB gets the 64-bit header
    /// that some readers do not take.
    pub fn deflated(
        &mut self,
        path: &str,
        from: &mut dyn Read,
        size_bytes: u64,
    ) -> Result<(), WriteError> {
        // Deflate may grow a little what it cannot shrink.
        let large = size_bytes > u64::from(u32::MAX) / 2;
        self.copied(
            path,
            options(CompressionMethod::Deflated).large_file(large),
            from,
        )
    }

    /// Without compression: photographs are compressed already. One of 4 GiB is an error.
    fn stored(&mut self, path: &str, from: &mut dyn Read) -> Result<(), WriteError> {
        self.copied(path, options(CompressionMethod::Stored), from)
    }

    fn copied(
        &mut self,
        path: &str,
        options: SimpleFileOptions,
        from: &mut dyn Read,
    ) -> Result<(), WriteError> {
        self.zip.start_file(path, options)?;
        io::copy(from, &mut self.zip)?;
        Ok(())
    }
}

/// Without a clock, so that the same dataset gives the same bytes.
fn options(method: CompressionMethod) -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(method)
        .last_modified_time(zip::DateTime::default())
        .unix_permissions(0o644)
}

/// The classes in the order of their numbers: active labels first, so that archived ones at the
/// end shift nothing.
pub(crate) struct Labels {
    ordered: Vec<Label>,
    used: Vec<bool>,
}

impl Labels {
    fn new(ontology: Ontology) -> Self {
        let (archived, mut ordered): (Vec<_>, Vec<_>) = ontology
            .labels
            .into_iter()
            .partition(|label| label.archived);
        ordered.extend(archived);
        let used = vec![false; ordered.len()];
        Self { ordered, used }
    }

    fn index(&mut self, id: LabelId) -> Option<usize> {
        let index = self.ordered.iter().position(|label| label.id == id)?;
        self.used[index] = true;
        Some(index)
    }

    /// Every active label, and the archived ones up to the last in use.
    pub fn named(&self) -> &[Label] {
        let used = self
            .used
            .iter()
            .rposition(|used| *used)
            .map_or(0, |last| last + 1);
        let active = self.ordered.iter().filter(|label| !label.archived).count();
        &self.ordered[..used.max(active)]
    }
}

/// One item with its name in the dataset and its annotations' class numbers.
pub(crate) struct Entry<'a> {
    pub name: &'a str,
    pub width: u32,
    pub height: u32,
    /// In drawing order.
    pub annotations: Vec<Classed<'a>>,
}

pub(crate) struct Classed<'a> {
    pub class: usize,
    pub label: Label,
    pub annotation: &'a Annotation,
}

impl<'a> Entry<'a> {
    fn new(name: &'a str, item: Item<'a>, labels: &mut Labels, report: &mut Report) -> Self {
        let mut sorted: Vec<_> = item.annotations.iter().collect();
        sort_by(&mut sorted, |a, b| {
            a.z.total_cmp(&b.z).then(a.id.cmp(&b.id))
        });
        let mut annotations = Vec::with_capacity(sorted.len());
        for annotation in sorted {
            match labels.index(annotation.label) {
                Some(class) => annotations.push(Classed {
                    class,
                    label: labels.ordered[class].clone(),
                    annotation,
                }),
                None => report.note("An annotation with an unknown label was left out", || {
                    format!("{name}: {}", annotation.id)
                }),
            }
        }
        Self {
            name,
            width: item.width,
            height: item.height,
            annotations,
        }
    }
}

impl Classed<'_> {
    /// The place of a remark: the file and the annotation.
    pub fn place(&self, entry: &Entry) -> String {
        format!(
            "{}: {} ({})",
            entry.name, self.annotation.id, self.label.name
        )
    }
}

/// The attributes by name, in the order of the label's definition.
pub(crate) fn attributes(classed: &Classed) -> Vec<(String, serde_json::Value)> {
    let named = classed.label.attributes.iter().filter_map(|attribute| {
        let value = classed.annotation.attributes.get(&attribute.id)?;
        Some((attribute.name.clone(), serde_json::to_value(value).ok()?))
    });
    named.collect()
}
