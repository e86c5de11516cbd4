//! The time that a report says it was made.

use std::time::{SystemTime, UNIX_EPOCH};

use chrono::{DateTime, NaiveDateTime};

/// The variable that fixes the time, so that the same input gives the same bytes
/// (reproducible-builds.org): seconds since 1970, UTC.
pub const SOURCE_DATE_EPOCH: &str = "SOURCE_DATE_EPOCH";

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{SOURCE_DATE_EPOCH} is no number of seconds since 1970: {0}")]
pub struct ClockError(String);

/// UTC to the second: what is fixed, else what the clock says.
pub fn time_of_report(fixed: Option<&str>, clock: SystemTime) -> Result<NaiveDateTime, ClockError> {
    let seconds = match fixed.map(str::trim).filter(|f| !f.is_empty()) {
        Some(fixed) => fixed.parse().map_err(|_| ClockError(fixed.to_owned()))?,
        None => clock.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() as i64),
    };
    DateTime::from_timestamp(seconds, 0)
        .map(|at| at.naive_utc())
        .ok_or_else(|| ClockError(seconds.to_string()))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_fixed_time_wins_over_the_clock() {
        let clock = UNIX_EPOCH + Duration::from_secs(1_700_000_000);
        let shown = |fixed| time_of_report(fixed, clock).map(|at| at.to_string());
        assert_eq!(shown(None).unwrap(), "2023-11-14 22:13:20");
        assert_eq!(shown(Some("")), shown(None));
        assert_eq!(shown(Some("86399")).unwrap(), "1970-01-01 23:59:59");
        assert!(shown(Some("yesterday")).unwrap_err().to_string().contains("yesterday"));
        assert!(shown(Some("99999999999999999")).is_err());
    }
}
