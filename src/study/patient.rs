//! The patient, wrapped so that identity cannot leak into logs.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Protected health information. `Debug` and error texts show `‹hidden›`; `reveal` is easy to
/// search for.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Phi<T>(T);

impl<T> Phi<T> {
    pub fn new(value: T) -> Self {
        Self(value)
    }

    pub fn reveal(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Phi<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("‹hidden›")
    }
}

#[derive(Clone, Debug, Default)]
pub struct Patient {
    /// As stored: `Family^Given^Middle`, possibly with ideographic and phonetic groups after `=`.
    pub name: Phi<String>,
    pub id: Phi<String>,
    pub birth_date: Phi<Option<chrono::NaiveDate>>,
    /// `M`, `F`, `O` or empty.
    pub sex: String,
    /// As stored: `061Y`.
    pub age: String,
    pub weight_kg: Option<f64>,
    pub height_m: Option<f64>,
}

/// How much of the patient's identity a report shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Identity {
    #[default]
    Full,
    Initials,
    None,
}

impl Patient {
    /// The name a person reads: components in order, the ideographic group first where there is
    /// one, without DICOM's separators.
    pub fn display_name(&self) -> Phi<String> {
        let groups: Vec<&str> = self.name.reveal().split('=').map(str::trim).collect();
        let plain = |group: &str| {
            group.split('^').map(str::trim).filter(|c| !c.is_empty()).collect::<Vec<_>>().join(" ")
        };
        let alphabetic = groups.first().map(|g| plain(g)).unwrap_or_default();
        let ideographic = groups.get(1).map(|g| plain(g)).unwrap_or_default();
        Phi::new(match (ideographic.is_empty(), alphabetic.is_empty()) {
            (true, _) => alphabetic,
            (false, true) => ideographic,
            (false, false) => format!("{ideographic} ({alphabetic})"),
        })
    }

    /// `J.D.` for `Doe^Jane`: given name first.
    pub fn initials(&self) -> Phi<String> {
        let alphabetic = self.name.reveal().split('=').next().unwrap_or_default();
        let initial = |component: Option<&str>| {
            component
                .and_then(|c| c.trim().chars().next())
                .map(|c| format!("{}.", c.to_uppercase()))
        };
        let mut components = alphabetic.split('^');
        let family = initial(components.next());
        let given = initial(components.next());
        Phi::new([given, family].into_iter().flatten().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> Patient {
        Patient { name: Phi::new(name.to_owned()), ..Patient::default() }
    }

    #[test]
    fn names_read_as_people_write_them() {
        let jane = named("Doe^Jane^^Dr.");
        assert_eq!(jane.display_name().reveal(), "Doe Jane Dr.");
        assert_eq!(jane.initials().reveal(), "J.D.");
        let wang = named("Wang^XiaoDong=王^小东=");
        assert_eq!(wang.display_name().reveal(), "王 小东 (Wang XiaoDong)");
        assert_eq!(named("").initials().reveal(), "");
    }

    #[test]
    fn debug_hides_identity() {
        assert!(!format!("{:?}", named("Doe^Jane")).contains("Doe"));
    }
}
