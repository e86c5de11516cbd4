//! The NM display self-test: it has every row, its claims hold, a spoilt input makes it fail, and
//! the README says what it says.

use std::path::PathBuf;
use std::sync::LazyLock;

use assert_cmd::Command;
use bonescope::dicom::synthetic::Set;
use bonescope::dicom::{NoProgress, Progress, WriteError};
use bonescope::workbench::self_test::{self, Report, Row, Verdict};
use serde_json::Value;

type Files = Vec<(PathBuf, Vec<u8>)>;

static REPORT: LazyLock<Report> =
    LazyLock::new(|| self_test::run(&|set| set.files(), &NoProgress).unwrap());

fn row(report: &Report, number: u8) -> &Row {
    report.rows.iter().find(|r| r.number == number).unwrap()
}

/// Runs with one set spoilt.
fn spoilt(which: Set, spoil: impl Fn(&mut Vec<u8>) + Sync) -> Report {
    let files = |set: Set| -> Result<Files, WriteError> {
        let mut files = set.files()?;
        if set == which {
            files.iter_mut().for_each(|(_, bytes)| spoil(bytes));
        }
        Ok(files)
    };
    let report = self_test::run(&files, &NoProgress).unwrap();
    assert!(!report.claims_hold());
    report
}

/// The rows whose verdict differs from the honest run's.
fn changed(report: &Report) -> Vec<(u8, Verdict)> {
    let differs = |(a, b): &(&Row, &Row)| a.verdict != b.verdict;
    let pairs = report.rows.iter().zip(&REPORT.rows).filter(differs);
    pairs.map(|(row, _)| (row.number, row.verdict)).collect()
}

/// Exchanges two frames of 16-bit pixels, counted from the end of the file.
fn swap_frames(bytes: &mut [u8], frame_bytes: usize, a: usize, b: usize) {
    let start = |n: usize| bytes.len() - n * frame_bytes;
    let (low, high) = (start(a.max(b)), start(a.min(b)));
    let (first, second) = bytes.split_at_mut(high);
    first[low..low + frame_bytes].swap_with_slice(&mut second[..frame_bytes]);
}

/// Replaces the only place where `from` stands by `to`, which is as long.
fn replace(bytes: &mut [u8], from: &[u8], to: &[u8]) {
    assert_eq!(from.len(), to.len());
    let places: Vec<usize> =
        bytes.windows(from.len()).enumerate().filter(|(_, w)| *w == from).map(|(i, _)| i).collect();
    assert_eq!(places.len(), 1, "{from:?} stands at {places:?}");
    bytes[places[0]..][..to.len()].copy_from_slice(to);
}

#[test]
fn all_rows_are_there_and_the_claims_hold() {
    let report = &*REPORT;
    let numbers: Vec<u8> = report.rows.iter().map(|r| r.number).collect();
    assert_eq!(numbers, (1..=25).collect::<Vec<u8>>());
    for row in &report.rows {
        let wrong: Vec<_> = row.points.iter().filter(|p| !p.holds).collect();
        assert_ne!(row.verdict, Verdict::Fail, "row {}: {wrong:#?}", row.number);
        // Neither more nor less is claimed than is shown.
        assert_eq!(row.claimed, row.passes(), "row {}: {:?}", row.number, row.missing);
        assert_eq!(row.missing.is_some(), row.verdict == Verdict::NotMet);
        assert!(!row.requirement.starts_with("self-test-"), "row {} has no words", row.number);
        assert!(!row.done.starts_with("self-test-"), "row {} has no words", row.number);
        assert!(!row.passes() || !row.sets.is_empty());
    }
    assert!(report.claims_hold());
}

#[test]
fn frames_in_the_wrong_order_are_seen() {
    // The last two frames of the dynamic: neighbours in time of one phase.
    let report = spoilt(Set::Dynamic, |bytes| swap_frames(bytes, 2 * 32 * 40, 1, 2));
    assert_eq!(row(&report, 3).verdict, Verdict::Fail);
    let wrong: Vec<&str> =
        row(&report, 3).points.iter().filter(|p| !p.holds).map(|p| p.what.as_str()).collect();
    assert_eq!(
        wrong,
        ["energy 2, detector 2, phase 2, slice 1", "energy 2, detector 2, phase 2, slice 2"]
    );
    // What has nothing to do with the order of frames stands as it stood.
    assert!(row(&report, 16).passes() && row(&report, 23).passes());
}

#[test]
fn a_frame_shown_twice_is_seen() {
    let report = spoilt(Set::Gated, |bytes| {
        let frame = 2 * 32 * 40;
        let (end, start) = (bytes.len() - frame, bytes.len() - 2 * frame);
        bytes.copy_within(start..end, end);
    });
    for number in [3, 24] {
        assert_eq!(row(&report, number).verdict, Verdict::Fail, "row {number}");
    }
}

#[test]
fn a_lost_sign_of_the_spacing_is_seen() {
    let report = spoilt(Set::ReconBackwards, |bytes| replace(bytes, b"-4.5", b"4.5 "));
    assert_eq!(changed(&report), [(23, Verdict::Fail)]);
    let wrong = row(&report, 23).points.iter().filter(|p| !p.holds).count();
    // All but the first slice, whose place the header states.
    assert_eq!(wrong, 4);
}

#[test]
fn exchanged_views_are_seen() {
    // The codes of the two detectors exchanged: what is called anterior was seen from behind.
    let report = spoilt(Set::WholeBody, |bytes| {
        let places: Vec<usize> = bytes
            .windows(9)
            .enumerate()
            .filter(|(_, w)| {
                [b"399321004", b"399001007"].contains(&<&[u8; 9]>::try_from(*w).unwrap())
            })
            .map(|(i, _)| i)
            .collect();
        let [a, b] = places[..] else { panic!("{places:?}") };
        bytes[a..a + 9].copy_from_slice(b"399001007");
        bytes[b..b + 9].copy_from_slice(b"399321004");
    });
    assert_eq!(row(&report, 21).verdict, Verdict::Fail);
    let letters = |p: &&self_test::Point| !p.holds && p.what.starts_with("letter R");
    assert_eq!(row(&report, 21).points.iter().filter(letters).count(), 4);
}

#[test]
fn a_file_that_cannot_be_read_fails_its_rows() {
    let report = spoilt(Set::Ramp, Vec::clear);
    assert_eq!(changed(&report), [(16, Verdict::Fail), (25, Verdict::Fail)]);
}

#[test]
fn one_changed_pixel_is_seen() {
    // The last pixel of the last frame, one count off.
    let report = spoilt(Set::Gated, |bytes| *bytes.iter_mut().rev().nth(1).unwrap() ^= 1);
    assert_eq!(changed(&report), [(3, Verdict::Fail)]);
    let wrong: Vec<_> = row(&report, 3).points.iter().filter(|p| !p.holds).collect();
    assert_eq!(wrong.len(), 1);
    assert!(wrong[0].found.starts_with("1279 of 1280 pixels; column 31, row 39: "), "{wrong:?}");
}

#[test]
fn it_can_be_cancelled() {
    struct Stopped;
    impl Progress for Stopped {
        fn advance(&self, _: usize, _: usize) {}
        fn cancelled(&self) -> bool {
            true
        }
    }
    assert!(self_test::run(&|set| set.files(), &Stopped).is_none());
}

fn bonescope(arguments: &[&str]) -> std::process::Output {
    Command::new(env!("CARGO_BIN_EXE_bonescope")).args(arguments).output().unwrap()
}

#[test]
fn the_terminal_says_the_same() {
    let output = bonescope(&["self-test", "--json"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&json["schema"], &json["version"]), (&"bonescope/self-test".into(), &1.into()));
    assert_eq!(json["rows"], serde_json::to_value(&REPORT.rows).unwrap());
    assert_eq!(json["passed"], REPORT.count(Verdict::Pass));
    assert_eq!(json["claims_hold"], true);

    let text = String::from_utf8(bonescope(&["self-test", "--evidence"]).stdout).unwrap();
    for row in &REPORT.rows {
        assert!(text.contains(&row.requirement) && text.contains(&row.done), "{}", row.number);
        for point in &row.points {
            assert!(text.contains(&point.what), "{}", point.what);
        }
    }
}

/// A test set opens like a scan, and a name that is none is said to be none.
#[test]
fn test_sets_open_by_name() {
    let output = bonescope(&["info", "selftest:dynamic", "--json"]);
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["studies"][0]["series"][0]["frames"], 20);
    let output = bonescope(&["info", "selftest:nothing"]);
    assert_eq!(output.status.code(), Some(4));
    assert!(String::from_utf8_lossy(&output.stderr).contains("whole_body"));
}

/// The conformance table in README.md and the list of what it claims; `UPDATE_README=1 cargo test
/// self_test` writes both.
#[test]
fn the_readme_says_what_the_self_test_says() {
    let mut table = String::from("| Row | A display must do | Self-test |\n| --: | --- | --- |\n");
    for row in &REPORT.rows {
        let verdict = match &row.missing {
            Some(reason) => format!("not met: {reason}"),
            None => row.verdict.as_str().to_lowercase(),
        };
        table += &format!("| {} | {} | {verdict} |\n", row.number, row.requirement);
    }
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let passed = REPORT.rows.iter().filter(|r| r.passes());
    let claims: String = passed.map(|r| format!("{}\n", r.number)).collect();
    let list = root.join("assets/self_test/claims.txt");
    let path = root.join("README.md");
    let readme = std::fs::read_to_string(&path).unwrap();
    let (open, close) = ("<!-- self-test: written by the test suite -->\n", "<!-- /self-test -->");
    let (before, rest) = readme.split_once(open).expect("the table has a place");
    let (there, after) = rest.split_once(close).expect("the table's place ends");
    if std::env::var_os("UPDATE_README").is_some_and(|v| v == "1") {
        std::fs::write(&path, format!("{before}{open}{table}{close}{after}")).unwrap();
        std::fs::write(&list, claims).unwrap();
        return;
    }
    assert_eq!(std::fs::read_to_string(&list).unwrap(), claims);
    assert_eq!(there, table, "run UPDATE_README=1 cargo test --test headless self_test");
}
