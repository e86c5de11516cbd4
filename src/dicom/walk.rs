//! The walk: element by element, every length held against what encloses it.

use std::collections::btree_map::Entry;

use dicom_core::dictionary::{DataDictionary, DataDictionaryEntry};
use dicom_core::{Tag, VR};
use dicom_dictionary_std::{StandardDataDictionary, tags};

use super::charset::Charset;
use super::dataset::{DataSet, Element, Value};
use super::fault::Fault;
use super::source::{Source, Span};

/// Sequences within sequences; real files stay below ten.
const DEEPEST: u32 = 64;
/// Elements and items of one file together.
const MOST_ELEMENTS: u32 = 1_000_000;
/// Longer values are left in the file: nothing we ask for is.
const LONGEST_VALUE: u64 = 4 << 20;
/// All values of one header together.
const LARGEST_HEADER: u64 = 64 << 20;

const UNDEFINED: u32 = 0xFFFF_FFFF;
const ITEM: Tag = Tag(0xFFFE, 0xE000);
const ITEM_END: Tag = Tag(0xFFFE, 0xE00D);
const SEQUENCE_END: Tag = Tag(0xFFFE, 0xE0DD);

/// How elements are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Syntax {
    pub implicit: bool,
    pub big_endian: bool,
}

pub(super) const IMPLICIT: Syntax = Syntax { implicit: true, big_endian: false };
pub(super) const EXPLICIT: Syntax = Syntax { implicit: false, big_endian: false };

/// A place in a source, and what has been spent on the way there.
pub(super) struct Walker {
    pub source: Source,
    pub at: u64,
    pub remarks: Vec<String>,
    elements: u32,
    held: u64,
}

impl Walker {
    pub fn new(source: Source) -> Self {
        Self { source, at: 0, remarks: Vec::new(), elements: 0, held: 0 }
    }

    /// Elements up to `end`, or up to an item's delimiter when `within` names its sequence.
    pub fn dataset(
        &mut self,
        end: u64,
        within: Option<Tag>,
        syntax: Syntax,
        depth: u32,
        charset: &Charset,
    ) -> Result<DataSet, Fault> {
        let mut set = DataSet { charset: charset.clone(), ..DataSet::default() };
        let mut repeated = false;
        loop {
            if self.at >= end {
                match within {
                    Some(sequence) => return Err(Fault::Unclosed(sequence)),
                    None => break,
                }
            }
            if let Some(tag) = self.peek_tag(syntax)
                && tag.group() == 0xFFFE
            {
                self.header_of_item(end, syntax, within.unwrap_or(tag))?;
                match within {
                    Some(_) if tag == ITEM_END => break,
                    _ => return Err(Fault::Stray),
                }
            }
            let inner = set.charset.clone();
            let (tag, element) = self.element(end, syntax, depth, &inner)?;
            if tag == tags::SPECIFIC_CHARACTER_SET
                && let Value::Bytes(value) = &element.value
            {
                set.charset = Charset::of(value);
            }
            let picture = depth == 0 && is_pixels(tag);
            match set.elements.entry(tag) {
                Entry::Occupied(_) => repeated |= tag.element() != 0,
                Entry::Vacant(place) => {
                    place.insert(element);
                }
            }
            if picture {
                self.tail(syntax);
                break;
            }
        }
        if repeated && depth == 0 {
            self.remarks.push(
                "The header holds the same element twice; the first of each was used.".into(),
            );
        }
        Ok(set)
    }

    /// Notes what follows the pixel data, unless it is lawful padding, a signature or zeros.
    fn tail(&mut self, syntax: Syntax) {
        let left = self.source.length() - self.at;
        let lawful = match self.peek::<8>() {
            Some(zeros) if zeros == [0; 8] => true,
            Some(_) => self.peek_tag(syntax).is_some_and(|t| t.group() > 0x7FE0),
            None => left < 2,
        };
        if !lawful {
            self.remarks.push(format!("{left} bytes after the pixel data were not read."));
        }
    }

    pub fn element(
        &mut self,
        end: u64,
        syntax: Syntax,
        depth: u32,
        charset: &Charset,
    ) -> Result<(Tag, Element), Fault> {
        self.count()?;
        let Syntax { big_endian, .. } = syntax;
        let first = self.take::<4>(end, ITEM)?;
        let tag =
            Tag(word([first[0], first[1]], big_endian), word([first[2], first[3]], big_endian));
        let (vr, length) = self.vr_and_length(tag, end, syntax)?;
        let left = end - self.at;
        if length != UNDEFINED && u64::from(length) > left {
            return Err(match depth == 0 && is_pixels(tag) {
                true => Fault::PixelsShort { needed: length.into(), found: left },
                false => Fault::Beyond { tag, length: length.into(), left },
            });
        }
        let value = if depth == 0 && is_pixels(tag) {
            self.pixels(tag, vr, length, end, syntax)?
        } else if vr == VR::SQ || (vr == VR::UN && length == UNDEFINED) {
            // CP-246: a UN of undefined length is a sequence in implicit VR little endian.
            let inner = if vr == VR::UN { IMPLICIT } else { syntax };
            Value::Items(self.items(tag, length, end, inner, depth + 1, charset)?)
        } else if length == UNDEFINED && is_pixels(tag) {
            // The compressed picture of an icon, of which nothing is kept.
            self.pixels(tag, vr, length, end, syntax)?
        } else if length == UNDEFINED {
            return Err(Fault::UndefinedLength(tag));
        } else if hidden_sequence(tag, vr, length) {
            let start = self.at;
            match self.items(tag, length, end, IMPLICIT, depth + 1, charset) {
                Ok(items) => Value::Items(items),
                Err(_) => {
                    self.at = start;
                    self.value(length)?
                }
            }
        } else {
            self.value(length)?
        };
        Ok((tag, Element { vr, big_endian, value }))
    }

    fn vr_and_length(&mut self, tag: Tag, end: u64, syntax: Syntax) -> Result<(VR, u32), Fault> {
        let head = self.take::<4>(end, tag)?;
        let big = syntax.big_endian;
        if syntax.implicit {
            return Ok((dictionary_vr(tag), long(head, big)));
        }
        match vr_of([head[0], head[1]]) {
            Some(vr) if long_form(vr) => {
                let length = self.take::<4>(end, tag)?;
                Ok((vr, long(length, big)))
            }
            Some(vr) => Ok((vr, word([head[2], head[3]], big).into())),
            // A VR of a later edition, or a mistyped one: an unknown value, in the form it shows.
            None if head[..2].iter().all(u8::is_ascii_uppercase) => {
                self.remark_once("An element has an unknown value representation.");
                if head[2..] == [0, 0] {
                    let length = self.take::<4>(end, tag)?;
                    return Ok((VR::UN, long(length, big)));
                }
                Ok((VR::UN, word([head[2], head[3]], big).into()))
            }
            // One element written without its VR, in a file that has them.
            None if u64::from(long(head, big)) <= end - self.at => {
                self.remark_once("An element lacks its value representation.");
                Ok((dictionary_vr(tag), long(head, big)))
            }
            None => {
                let shown = head[..2].iter().map(|&b| char::from(b)).collect::<String>();
                Err(Fault::UnknownVr(tag, shown.escape_default().to_string()))
            }
        }
    }

    fn value(&mut self, length: u32) -> Result<Value, Fault> {
        let span = Span { offset: self.at, length: length.into() };
        self.at += span.length;
        if span.length > LONGEST_VALUE || self.held + span.length > LARGEST_HEADER {
            return Ok(Value::Elsewhere(span));
        }
        self.held += span.length;
        Ok(Value::Bytes(self.source.span(span)?.into_boxed_slice()))
    }

    fn items(
        &mut self,
        tag: Tag,
        length: u32,
        end: u64,
        syntax: Syntax,
        depth: u32,
        charset: &Charset,
    ) -> Result<Vec<DataSet>, Fault> {
        if depth > DEEPEST {
            return Err(Fault::TooDeep(DEEPEST));
        }
        let stop = (length != UNDEFINED).then(|| self.at + u64::from(length));
        let limit = stop.unwrap_or(end);
        let mut items = Vec::new();
        while stop != Some(self.at) {
            self.count()?;
            if self.at >= limit {
                return Err(Fault::Unclosed(tag));
            }
            let (found, length) = self.header_of_item(limit, syntax, tag)?;
            match found {
                ITEM if length == UNDEFINED => {
                    items.push(self.dataset(limit, Some(tag), syntax, depth, charset)?);
                }
                ITEM => {
                    let left = limit - self.at;
                    if u64::from(length) > left {
                        return Err(Fault::Beyond { tag, length: length.into(), left });
                    }
                    let end = self.at + u64::from(length);
                    items.push(self.dataset(end, None, syntax, depth, charset)?);
                }
                SEQUENCE_END if stop.is_none() => break,
                // A delimiter that a defined length made superfluous.
                SEQUENCE_END if Some(self.at) == stop => break,
                _ => return Err(Fault::NotItems(tag)),
            }
        }
        Ok(items)
    }

    fn pixels(
        &mut self,
        tag: Tag,
        vr: VR,
        length: u32,
        end: u64,
        syntax: Syntax,
    ) -> Result<Value, Fault> {
        if matches!(vr, VR::SQ | VR::UT | VR::LO | VR::LT | VR::ST | VR::UC) {
            return Err(Fault::Malformed(tag, "it is not written as pixels"));
        }
        if length != UNDEFINED {
            let span = Span { offset: self.at, length: length.into() };
            self.at += span.length;
            return Ok(Value::Elsewhere(span));
        }
        let mut spans = Vec::new();
        loop {
            if self.at >= end {
                self.remarks.push("The compressed pixel data lack their end mark.".into());
                break;
            }
            self.count()?;
            let (found, length) = self.header_of_item(end, syntax, tag)?;
            match found {
                ITEM => {
                    let left = end - self.at;
                    if u64::from(length) > left {
                        return Err(Fault::PixelsShort { needed: length.into(), found: left });
                    }
                    spans.push(Span { offset: self.at, length: length.into() });
                    self.at += u64::from(length);
                }
                SEQUENCE_END => break,
                _ => return Err(Fault::NotItems(tag)),
            }
        }
        let mut spans = spans.into_iter();
        let table = spans.next().ok_or(Fault::NoPixels)?;
        Ok(Value::Fragments { table, fragments: spans.collect() })
    }

    fn header_of_item(
        &mut self,
        end: u64,
        syntax: Syntax,
        within: Tag,
    ) -> Result<(Tag, u32), Fault> {
        let [a, b, c, d, length @ ..] = self.take::<8>(end, within)?;
        let big = syntax.big_endian;
        Ok((Tag(word([a, b], big), word([c, d], big)), long(length, big)))
    }

    fn take<const N: usize>(&mut self, end: u64, within: Tag) -> Result<[u8; N], Fault> {
        let mut bytes = [0; N];
        if end.saturating_sub(self.at) < N as u64 {
            return Err(Fault::Cut(within));
        }
        self.source.read(self.at, &mut bytes)?;
        self.at += N as u64;
        Ok(bytes)
    }

    pub fn peek<const N: usize>(&mut self) -> Option<[u8; N]> {
        let mut bytes = [0; N];
        if self.source.length().saturating_sub(self.at) < N as u64 {
            return None;
        }
        self.source.read(self.at, &mut bytes).ok()?;
        Some(bytes)
    }

    fn peek_tag(&mut self, syntax: Syntax) -> Option<Tag> {
        let [a, b, c, d] = self.peek::<4>()?;
        Some(Tag(word([a, b], syntax.big_endian), word([c, d], syntax.big_endian)))
    }

    fn remark_once(&mut self, remark: &str) {
        if !self.remarks.iter().any(|r| r == remark) {
            self.remarks.push(remark.into());
        }
    }

    fn count(&mut self) -> Result<(), Fault> {
        self.elements += 1;
        match self.elements > MOST_ELEMENTS {
            true => Err(Fault::TooMany(MOST_ELEMENTS)),
            false => Ok(()),
        }
    }
}

fn is_pixels(tag: Tag) -> bool {
    matches!(tag, tags::PIXEL_DATA | tags::FLOAT_PIXEL_DATA | tags::DOUBLE_FLOAT_PIXEL_DATA)
}

/// A sequence that a node without a dictionary passed on as UN.
fn hidden_sequence(tag: Tag, vr: VR, length: u32) -> bool {
    vr == VR::UN && length >= 8 && dictionary_vr(tag) == VR::SQ
}

/// The VR the standard gives a tag; UN where it knows none.
pub(super) fn dictionary_vr(tag: Tag) -> VR {
    match StandardDataDictionary.by_tag(tag) {
        _ if tag.element() == 0 => VR::UL,
        Some(entry) => entry.vr().relaxed(),
        None => VR::UN,
    }
}

pub(super) fn vr_of(bytes: [u8; 2]) -> Option<VR> {
    VR::from_binary(bytes)
}

/// VRs whose explicit form has four bytes of length (PS3.5 7.1.2).
fn long_form(vr: VR) -> bool {
    use VR::*;
    matches!(vr, OB | OD | OF | OL | OV | OW | SQ | SV | UC | UN | UR | UT | UV)
}

pub(super) fn word(bytes: [u8; 2], big_endian: bool) -> u16 {
    if big_endian { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) }
}

pub(super) fn long(bytes: [u8; 4], big_endian: bool) -> u32 {
    if big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) }
}
