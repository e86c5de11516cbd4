//! What can be wrong with one file, said to the person who chose it.

use dicom_core::Tag;
use dicom_core::dictionary::{DataDictionary, DataDictionaryEntry};
use dicom_dictionary_std::StandardDataDictionary;

/// Why a file, or one object in it, could not be used. The sentences name tags and sizes, never a
/// value that could identify the patient.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Fault {
    #[error("the file is empty")]
    Empty,
    #[error("not a DICOM file")]
    NotDicom,
    #[error("a gzip archive, not a DICOM file; unpack it first")]
    Gzip,
    #[error("not a regular file (a folder, pipe, device or link)")]
    NotRegular,
    #[error("a link; links inside a folder are not followed")]
    Link,
    #[error("cannot be read: {0}")]
    Unreadable(String),
    #[error("the file is {size} MiB long; at most {limit} MiB are opened")]
    TooLarge { size: u64, limit: u64 },
    #[error("the deflated data grow beyond {0} MiB when unpacked")]
    DeflateBomb(u64),
    #[error("the deflated data are damaged or cut short")]
    DeflateDamaged,
    #[error("the archive entry is encrypted")]
    Encrypted,
    #[error("an archive inside an archive; unpack it first")]
    NestedArchive,
    #[error("the archive's entry is damaged")]
    ArchiveDamaged,
    #[error("the file ends inside {}", name(*.0))]
    Cut(Tag),
    #[error("the file ends before its first data element")]
    NoData,
    #[error("{} claims {length} bytes where {left} are left", name(*.tag))]
    Beyond { tag: Tag, length: u64, left: u64 },
    #[error("{} has a length that only sequences may have", name(*.0))]
    UndefinedLength(Tag),
    #[error("{} is not made of items", name(*.0))]
    NotItems(Tag),
    #[error("{} is never closed", name(*.0))]
    Unclosed(Tag),
    #[error("an item or delimiter stands outside any sequence")]
    Stray,
    #[error("sequences are nested more than {0} deep")]
    TooDeep(u32),
    #[error("the header has more than {0} elements")]
    TooMany(u32),
    #[error("{} has the unknown value representation {:?}", name(*.0), .1)]
    UnknownVr(Tag, String),
    #[error("{} is missing", name(*.0))]
    Missing(Tag),
    #[error("{} is malformed: {}", name(*.0), .1)]
    Malformed(Tag, &'static str),
    #[error("it holds no pixel data")]
    NoPixels,
    #[error("it is neither an image nor an object of a class known here")]
    NoClass,
    #[error("the pixel data are cut short: {needed} bytes are needed, {found} are there")]
    PixelsShort { needed: u64, found: u64 },
    #[error("the header says {said} frames, the compressed pixel data hold {found}")]
    FrameCount { said: usize, found: usize },
    #[error("an image of {size} MiB; at most {limit} MiB are opened")]
    ImageTooLarge { size: u64, limit: u64 },
    #[error("{bits} bits per pixel are not supported")]
    Bits { bits: u16 },
    #[error(
        "Bits Allocated {allocated}, Bits Stored {stored} and High Bit {high} contradict each other"
    )]
    BitsDisagree { allocated: u16, stored: u16, high: u16 },
    #[error("{samples} samples per pixel do not go with {photometric:?}")]
    Samples { samples: u16, photometric: String },
    #[error("the transfer syntax {0} is not supported; export the study uncompressed")]
    Syntax(String),
    #[error("the pixel data are compressed although the transfer syntax says they are not")]
    UnexpectedFragments,
    #[error("the pixel data are not compressed although the transfer syntax says they are")]
    ExpectedFragments,
    #[error("the compressed picture is damaged: {0}")]
    Codestream(String),
    #[error("the compressed picture is {found}, the header says {said}")]
    CodestreamDiffers { found: String, said: String },
    #[error("the decoder gave up: {0}")]
    Decoder(String),
    #[error("the decoder could not be started; set BONESCOPE_DECODER to the bonescope program")]
    NoDecoder,
    #[error("the same object was already read from another file")]
    Copy,
    #[error(
        "another file has the same SOP Instance UID but other contents; only the first is used"
    )]
    Impostor,
    #[error("a DICOMDIR: a list of files, not an image")]
    Directory,
    #[error("the directory names a file outside its folder")]
    Outside,
    #[error("the directory names a file that is not there")]
    Absent,
}

impl Fault {
    /// Whether a DICOM object that was there could not be used. Text files, links, copies and
    /// files that may not be opened lie in many folders and are no loss.
    pub fn loses_an_object(&self) -> bool {
        !matches!(
            self,
            Self::Empty
                | Self::NotDicom
                | Self::NotRegular
                | Self::Link
                | Self::Unreadable(_)
                | Self::Copy
                | Self::Directory
        )
    }
}

/// What is wrong with a compressed picture.
pub(super) fn damaged(what: &str) -> Fault {
    Fault::Codestream(what.to_owned())
}

/// A tag as a person reads it: `Rows (0028,0010)`.
pub(super) fn name(tag: Tag) -> String {
    let number = format!("({:04X},{:04X})", tag.group(), tag.element());
    match StandardDataDictionary.by_tag(tag) {
        Some(entry) if tag.group().is_multiple_of(2) => {
            format!("{} {number}", spaced(entry.alias()))
        }
        _ => number,
    }
}

/// `PixelSpacing` as `Pixel Spacing`.
fn spaced(alias: &str) -> String {
    let mut words = String::with_capacity(alias.len() + 8);
    let mut before = ' ';
    for c in alias.chars() {
        if c.is_uppercase() && before.is_lowercase() {
            words.push(' ');
        }
        words.push(c);
        before = c;
    }
    words
}

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind::*;
        Self::Unreadable(
            match error.kind() {
                PermissionDenied => "permission denied",
                NotFound => "no such file",
                UnexpectedEof => "it ended early",
                _ => "the disk or network reported an error",
            }
            .to_owned(),
        )
    }
}

#[cfg(test)]
mod tests {
    use dicom_dictionary_std::tags;

    use super::*;

    #[test]
    fn tags_are_named_as_the_standard_does() {
        assert_eq!(name(tags::PIXEL_SPACING), "Pixel Spacing (0028,0030)");
        assert_eq!(name(Tag(0x0019, 0x1001)), "(0019,1001)");
    }
}
