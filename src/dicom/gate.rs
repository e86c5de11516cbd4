//! The gate: every element header is walked with checked arithmetic before anything is believed.
//!
//! Lengths must fit into what encloses them, nesting and the number of elements are bounded, and
//! no more is held in memory than the facts of a header need; pixel data stay where they are, as
//! spans. dicom-rs would allocate whatever a header claims and recurse as deep as it says.

use std::io::Read;

use dicom_core::Tag;
use dicom_dictionary_std::{tags, uids};
use dicom_encoding::transfer_syntax::{Codec, DataRWAdapter};
use dicom_transfer_syntax_registry::entries::DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN;

use super::charset::Charset;
use super::dataset::DataSet;
use super::fault::Fault;
use super::source::{Source, Span};
use super::walk::{EXPLICIT, IMPLICIT, Syntax, Walker, long, vr_of, word};

/// Unpacked deflated data, MiB.
const LARGEST_INFLATED: u64 = 256;

/// Explicit VR Big Endian, retired and still in archives.
const BIG_ENDIAN: &str = "1.2.840.10008.1.2.2";

/// A file that has passed the gate.
pub(super) struct Checked {
    /// File Meta Information.
    pub meta: DataSet,
    pub header: DataSet,
    /// Empty where the file does not say.
    pub transfer_syntax: String,
    pub source: Source,
    pub remarks: Vec<String>,
}

/// Walks a whole file up to and including its pixel data.
pub(super) fn pass(source: Source) -> Result<Checked, Fault> {
    let mut walker = Walker::new(source);
    let start = walker.start()?;
    walker.at = start;
    let meta = walker.meta()?;
    let transfer_syntax = meta
        .bytes(tags::TRANSFER_SYNTAX_UID)
        .map(|b| String::from_utf8_lossy(b).trim_matches([' ', '\0']).to_owned())
        .unwrap_or_default();
    let transfer_syntax: String =
        transfer_syntax.chars().filter(char::is_ascii_graphic).take(64).collect();
    if transfer_syntax == uids::DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN {
        walker.inflate()?;
    }
    if walker.at >= walker.source.length() {
        return Err(Fault::NoData);
    }
    let declared = match transfer_syntax.as_str() {
        "" => None,
        uids::IMPLICIT_VR_LITTLE_ENDIAN => Some(IMPLICIT),
        BIG_ENDIAN => Some(Syntax { implicit: false, big_endian: true }),
        _ => Some(EXPLICIT),
    };
    let syntax = walker.syntax(declared)?;
    let end = walker.source.length();
    let header = walker.dataset(end, None, syntax, 0, &Charset::default())?;
    let Walker { source, remarks, .. } = walker;
    Ok(Checked { meta, header, transfer_syntax, source, remarks })
}

impl Walker {
    /// Where the first element stands: behind preamble and magic, behind bare magic, or at once.
    fn start(&mut self) -> Result<u64, Fault> {
        let length = self.source.length();
        if length == 0 {
            return Err(Fault::Empty);
        }
        let mut head = vec![0; length.min(132) as usize];
        self.source.read(0, &mut head)?;
        if head.get(128..132) == Some(b"DICM") {
            return Ok(132);
        }
        if head.starts_with(b"DICM") {
            return Ok(4);
        }
        if head.starts_with(&[0x1f, 0x8b]) {
            return Err(Fault::Gzip);
        }
        // A bare data set begins with a low group of small elements (PS3.10 7.1 asks for more).
        let Some(first) = head.first_chunk::<8>() else { return Err(Fault::NotDicom) };
        let group = |big| word([first[0], first[1]], big);
        let element = |big| word([first[2], first[3]], big);
        let known = |big| {
            let explicit = vr_of([first[4], first[5]]).is_some();
            let length = long([first[4], first[5], first[6], first[7]], big);
            matches!(group(big), 2 | 8)
                && element(big) < 0x1000
                && (explicit || (!big && u64::from(length) < self.source.length()))
        };
        if !known(false) && !known(true) {
            return Err(Fault::NotDicom);
        }
        self.remarks.push("The file has no DICOM preamble.".into());
        Ok(0)
    }

    /// File Meta Information (PS3.10 7.1): explicit little endian, up to the first other group. Its
    /// stated length is not needed, and is wrong often enough.
    fn meta(&mut self) -> Result<DataSet, Fault> {
        let mut meta = DataSet::default();
        while let Some([a, b, c, d, v, w, ..]) = self.peek::<8>() {
            let tag = Tag(word([a, b], false), word([c, d], false));
            if tag.group() != 2 {
                break;
            }
            let syntax = if vr_of([v, w]).is_some() { EXPLICIT } else { IMPLICIT };
            let end = self.source.length();
            let (tag, element) = self.element(end, syntax, 0, &Charset::default())?;
            meta.elements.entry(tag).or_insert(element);
        }
        Ok(meta)
    }

    /// Replaces the source by the data set unpacked, within bounds (PS3.5 A.5).
    fn inflate(&mut self) -> Result<(), Fault> {
        let left = self.source.length() - self.at;
        if left > LARGEST_INFLATED << 20 {
            return Err(Fault::DeflateBomb(LARGEST_INFLATED));
        }
        let packed = self.source.span(Span { offset: self.at, length: left })?;
        // Some writers put a zlib header before the raw stream that the standard asks for.
        let zlib = matches!(packed[..], [0x78, f, ..] if (0x7800 + u32::from(f)) % 31 == 0);
        let raw = if zlib { &packed[2..] } else { &packed[..] };
        let bytes = inflated(raw, LARGEST_INFLATED << 20)?;
        self.source = Source::memory(bytes.into());
        self.at = 0;
        Ok(())
    }

    /// How the data set is really written, whatever the file says.
    fn syntax(&mut self, declared: Option<Syntax>) -> Result<Syntax, Fault> {
        let Some([a, b, _, _, v, w, _, _]) = self.peek::<8>() else {
            return Err(Fault::NoData);
        };
        let big_endian = match declared {
            Some(syntax) => syntax.big_endian,
            None => word([a, b], false) > 0xFF && word([a, b], true) <= 0xFF,
        };
        let found = Syntax { implicit: vr_of([v, w]).is_none(), big_endian };
        if declared.is_some_and(|d| d.implicit != found.implicit) {
            self.remarks.push(
                "The data set is written with another value representation than its transfer \
                 syntax says; it was read as written."
                    .into(),
            );
        }
        if found.implicit && found.big_endian {
            return Err(Fault::Syntax("with implicit VR and big endian".into()));
        }
        Ok(found)
    }
}

/// Raw deflate to bytes, at most `limit` of them.
pub(super) fn inflated(packed: &[u8], limit: u64) -> Result<Vec<u8>, Fault> {
    let Codec::Dataset(Some(adapter)) = DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN.codec() else {
        return Err(Fault::Syntax(uids::DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN.into()));
    };
    let mut bytes = Vec::new();
    adapter
        .adapt_reader(Box::new(packed))
        .take(limit + 1)
        .read_to_end(&mut bytes)
        .map_err(|_| Fault::DeflateDamaged)?;
    match bytes.len() as u64 > limit {
        true => Err(Fault::DeflateBomb(limit >> 20)),
        false => Ok(bytes),
    }
}
