//! A data set whose every length has been checked, as the gate hands it on.

use std::collections::BTreeMap;

use dicom_core::{Tag, VR};

use super::charset::Charset;
use super::source::Span;

/// The elements of a data set or item, by tag.
#[derive(Clone, Debug, Default)]
pub(super) struct DataSet {
    pub elements: BTreeMap<Tag, Element>,
    pub charset: Charset,
}

#[derive(Clone, Debug)]
pub(super) struct Element {
    pub vr: VR,
    pub big_endian: bool,
    pub value: Value,
}

#[derive(Clone, Debug)]
pub(super) enum Value {
    Bytes(Box<[u8]>),
    Items(Vec<DataSet>),
    /// Left in the file: the picture, and whatever is too large to be a fact.
    Elsewhere(Span),
    /// Compressed pixel data: the offset table, then the fragments.
    Fragments {
        table: Span,
        fragments: Vec<Span>,
    },
}

impl DataSet {
    pub fn get(&self, tag: Tag) -> Option<&Element> {
        self.elements.get(&tag)
    }

    pub fn has(&self, tag: Tag) -> bool {
        self.elements.contains_key(&tag)
    }

    /// The value's bytes; `None` where it is missing, a sequence, or left in the file.
    pub fn bytes(&self, tag: Tag) -> Option<&[u8]> {
        match &self.get(tag)?.value {
            Value::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The items of a sequence; none where it is missing or empty.
    pub fn items(&self, tag: Tag) -> &[DataSet] {
        match self.get(tag).map(|e| &e.value) {
            Some(Value::Items(items)) => items,
            _ => &[],
        }
    }

    /// The first item of a sequence.
    pub fn item(&self, tag: Tag) -> Option<&DataSet> {
        self.items(tag).first()
    }
}

#[cfg(test)]
impl DataSet {
    /// With a text or number value (its VR as the dictionary has it).
    pub fn with(mut self, tag: Tag, value: &str) -> Self {
        let vr = super::walk::dictionary_vr(tag);
        let value = match vr {
            VR::US => value
                .split('\\')
                .flat_map(|n| n.parse::<u16>().expect("a test's own number").to_le_bytes())
                .collect(),
            _ => value.as_bytes().to_vec(),
        };
        self.elements
            .insert(tag, Element { vr, big_endian: false, value: Value::Bytes(value.into()) });
        self
    }

    /// With an attribute that names tags.
    pub fn naming(mut self, tag: Tag, named: &[Tag]) -> Self {
        let bytes = named.iter().flat_map(|t| [t.group(), t.element()]).flat_map(u16::to_le_bytes);
        let value = Value::Bytes(bytes.collect());
        self.elements.insert(tag, Element { vr: VR::AT, big_endian: false, value });
        self
    }

    /// With a sequence.
    pub fn holding(mut self, tag: Tag, items: Vec<DataSet>) -> Self {
        let value = Value::Items(items);
        self.elements.insert(tag, Element { vr: VR::SQ, big_endian: false, value });
        self
    }
}
