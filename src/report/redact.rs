//! Takes the patient out of free text: whoever typed the name into a note did not think of the
//! day the report would be shown without it.

use crate::study::{Identity, Study};
use crate::text::t;

/// Finds what names the patient and puts a mark in its place. Does nothing for a report that
/// shows the identity in full.
pub(super) struct Redactor {
    secrets: Vec<Secret>,
    mark: String,
}

struct Secret {
    letters: Vec<char>,
    /// Two-letter names are also words (`An`, `Ho`), so only their stored spelling is removed.
    exact: bool,
}

impl Redactor {
    pub fn new(study: &Study, identity: Identity) -> Self {
        let mut secrets = Vec::new();
        if identity != Identity::Full {
            for person in [study.patient.name.reveal(), study.referring_physician.reveal()] {
                name_parts(person, &mut secrets);
            }
            for number in [study.patient.id.reveal(), study.accession.reveal()] {
                let letters: Vec<char> = number.trim().chars().collect();
                if letters.len() >= 3 {
                    secrets.push(Secret { letters, exact: false });
                }
            }
            if let Some(date) = study.patient.birth_date.reveal() {
                for format in ["%Y%m%d", "%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y"] {
                    let letters = date.format(format).to_string().chars().collect();
                    secrets.push(Secret { letters, exact: true });
                }
            }
        }
        // The longest first, so that no part of one is left standing.
        secrets.sort_by_key(|s| std::cmp::Reverse(s.letters.len()));
        Self { secrets, mark: t("report-removed") }
    }

    pub fn clean(&self, text: &str) -> String {
        if self.secrets.is_empty() {
            return text.to_owned();
        }
        let letters: Vec<char> = text.chars().collect();
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        while at < letters.len() {
            match self.secrets.iter().find(|s| s.stands_at(&letters, at)) {
                Some(secret) => {
                    out.push_str(&self.mark);
                    at += secret.letters.len();
                }
                None => {
                    out.push(letters[at]);
                    at += 1;
                }
            }
        }
        out
    }
}

impl Secret {
    fn stands_at(&self, text: &[char], at: usize) -> bool {
        let end = at + self.letters.len();
        let Some(there) = text.get(at..end) else { return false };
        let same =
            |a: char, b: char| a == b || (!self.exact && a.to_lowercase().eq(b.to_lowercase()));
        if !there.iter().zip(&self.letters).all(|(&a, &b)| same(a, b)) {
            return false;
        }
        // A name inside a longer word is another word; scripts without spaces have no such edge.
        let joined = |a: char, b: char| {
            a.is_alphanumeric() && b.is_alphanumeric() && !ideographic(a) && !ideographic(b)
        };
        let before = at.checked_sub(1).is_some_and(|i| joined(text[i], text[at]));
        let after = text.get(end).is_some_and(|&next| joined(text[end - 1], next));
        !before && !after
    }
}

fn name_parts(name: &str, secrets: &mut Vec<Secret>) {
    for group in name.split('=') {
        let parts: Vec<Vec<char>> = group
            .split(|c: char| c == '^' || c.is_whitespace())
            .map(|part| part.chars().filter(|c| c.is_alphanumeric() || *c == '-').collect())
            .collect();
        if parts.iter().flatten().copied().any(ideographic) {
            let whole: Vec<char> = parts.iter().flatten().copied().collect();
            secrets.push(Secret { letters: whole, exact: false });
        }
        for letters in parts {
            if letters.len() >= 2 {
                let exact = letters.len() == 2;
                secrets.push(Secret { letters, exact });
            }
        }
    }
}

fn ideographic(c: char) -> bool {
    matches!(c as u32, 0x2E80..=0x9FFF | 0xAC00..=0xD7AF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn names_and_numbers_go_whatever_their_case() {
        let study = sample::study();
        let redactor = Redactor::new(&study, Identity::None);
        let cleaned = redactor.clean("WANG xiaodong, 王小东, MRN-20031, born 1965-04-03, wangle");
        assert_eq!(cleaned, "[removed] [removed], [removed], [removed], born [removed], wangle");
    }

    #[test]
    fn a_full_report_keeps_its_words() {
        let redactor = Redactor::new(&sample::study(), Identity::Full);
        assert_eq!(redactor.clean("Wang"), "Wang");
    }
}
