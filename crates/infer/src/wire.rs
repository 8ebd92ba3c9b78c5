//! Protobuf's wire format, as far as an ONNX file needs it.
//!
//! Every length is checked against what is there, so that a cut-off download is told from a file of
//! another kind.

use crate::Error;

/// A part of the file.
#[derive(Clone, Copy)]
pub(crate) struct Part<'a> {
    file: &'a [u8],
    start: usize,
    end: usize,
}

impl<'a> Part<'a> {
    pub fn whole(file: &'a [u8]) -> Self {
        Self {
            file,
            start: 0,
            end: file.len(),
        }
    }

    pub fn fields(&self) -> Fields<'a> {
        Fields {
            file: self.file,
            at: self.start,
            end: self.end,
        }
    }

    pub fn text(&self) -> Result<&'a str, Error> {
        std::str::from_utf8(&self.file[self.start..self.end])
            .map_err(|_| Error::NotOnnx("a name in it is not text"))
    }

    /// The last field of this number that has bytes.
    pub fn part(&self, number: u64) -> Result<Option<Self>, Error> {
        let mut last = None;
        let mut fields = self.fields();
        while let Some(field) = fields.next()? {
            if let (true, Content::Bytes(part)) = (field.number == number, field.content) {
                last = Some(part);
            }
        }
        Ok(last)
    }

    /// The text of a field, empty where it is absent.
    pub fn text_field(&self, number: u64) -> Result<&'a str, Error> {
        self.part(number)?.map_or(Ok(""), |part| part.text())
    }

    /// The texts of all fields of this number.
    pub fn texts(&self, number: u64) -> Result<Vec<&'a str>, Error> {
        let mut texts = Vec::new();
        let mut fields = self.fields();
        while let Some(field) = fields.next()? {
            if let (true, Content::Bytes(part)) = (field.number == number, field.content) {
                texts.push(part.text()?);
            }
        }
        Ok(texts)
    }

    /// The number of a field, 0 where it is absent.
    pub fn number_field(&self, wanted: u64) -> Result<u64, Error> {
        let mut last = 0;
        let mut fields = self.fields();
        while let Some(field) = fields.next()? {
            if let (true, Content::Number(value)) = (field.number == wanted, field.content) {
                last = value;
            }
        }
        Ok(last)
    }
}

pub(crate) enum Content<'a> {
    Number(u64),
    /// A number of fixed length.
    Fixed,
    Bytes(Part<'a>),
}

pub(crate) struct Field<'a> {
    pub number: u64,
    pub content: Content<'a>,
}

/// The fields of one message in protobuf's wire format.
pub(crate) struct Fields<'a> {
    file: &'a [u8],
    at: usize,
    end: usize,
}

impl<'a> Fields<'a> {
    pub fn next(&mut self) -> Result<Option<Field<'a>>, Error> {
        if self.at == self.end {
            return Ok(None);
        }
        let tag = self.varint()?;
        let number = tag >> 3;
        if number == 0 {
            return Err(Error::NotOnnx("it is not made of fields"));
        }
        let content = match tag & 7 {
            0 => Content::Number(self.varint()?),
            1 => {
                self.take(8)?;
                Content::Fixed
            }
            5 => {
                self.take(4)?;
                Content::Fixed
            }
            2 => {
                let length = self.varint()?;
                Content::Bytes(self.take(length)?)
            }
            _ => return Err(Error::NotOnnx("it is not made of fields")),
        };
        Ok(Some(Field { number, content }))
    }

    fn take(&mut self, length: u64) -> Result<Part<'a>, Error> {
        let start = self.at;
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let wanted = start.saturating_add(length);
        if wanted > self.end {
            return Err(self.beyond(wanted));
        }
        self.at = wanted;
        Ok(Part {
            file: self.file,
            start,
            end: wanted,
        })
    }

    fn varint(&mut self) -> Result<u64, Error> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            if self.at == self.end {
                return Err(self.beyond(self.end + 1));
            }
            let byte = self.file[self.at];
            self.at += 1;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(Error::NotOnnx("it is not made of fields"))
    }

    /// Past the file's end something is missing; past a part's own end the file is of another kind.
    ///
    /// No model is a hundred times what is there of it: such a length is some other format's byte.
    fn beyond(&self, wanted: usize) -> Error {
        let got = self.file.len();
        if self.end == got && self.at > 2 && wanted / 100 <= got {
            Error::Truncated { got, wanted }
        } else {
            Error::NotOnnx("its parts do not fit into each other")
        }
    }
}
