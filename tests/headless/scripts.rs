//! Scripts, replayed: their numbers, and that undoing and redoing all leaves them the same.

use assert_cmd::Command;
use serde_json::Value;

fn bonescope() -> Command {
    Command::new(env!("CARGO_BIN_EXE_bonescope"))
}

fn script(name: &str) -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/headless/scripts").join(name)
}

/// Runs a script in an empty folder; what it prints.
fn replay(name: &str, arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let run = bonescope()
        .current_dir(folder.path())
        .arg("run")
        .arg(script(name))
        .args(arguments)
        .assert()
        .success();
    String::from_utf8(run.get_output().stdout.clone()).unwrap()
}

/// Each script's table of numbers. The cases are the same bytes on every machine.
#[test]
fn every_script_leaves_the_same_numbers() {
    let mut names: Vec<String> = std::fs::read_dir(script(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".jsonl"))
        .collect();
    names.sort();
    assert!(names.len() >= 4, "{names:?}");
    for name in names {
        insta::assert_snapshot!(name.trim_end_matches(".jsonl"), replay(&name, &[]));
    }
}

/// Open, draw, mirror, report, take all back, do it all again: the numbers of drawing alone.
#[test]
fn undoing_and_redoing_all_changes_no_number() {
    let json = |name| -> Value { serde_json::from_str(&replay(name, &["--json"])).unwrap() };
    let there_and_back = json("lesion-there-and-back.jsonl");
    let direct = json("lesion.jsonl");
    assert_eq!(direct["rois"].as_array().unwrap().len(), 1);
    assert!(direct["rois"][0]["ratio"]["value"].as_f64().unwrap() > 0.0, "{direct}");
    assert_eq!(there_and_back, direct);
}

/// The report that the script writes says what its sheet says.
#[test]
fn the_report_of_a_script_has_its_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let run = bonescope()
        .current_dir(folder.path())
        .arg("run")
        .arg(script("lesion-there-and-back.jsonl"))
        .arg("--json")
        .assert()
        .success();
    let sheet: Value = serde_json::from_slice(&run.get_output().stdout).unwrap();
    let report = std::fs::read_to_string(folder.path().join("report.json")).unwrap();
    let ratio = sheet["rois"][0]["ratio"]["value"].as_f64().unwrap();
    // Looked for as a number, wherever the report's layout puts it.
    fn holds(value: &Value, number: f64) -> bool {
        match value {
            Value::Number(n) => n.as_f64() == Some(number),
            Value::Array(values) => values.iter().any(|v| holds(v, number)),
            Value::Object(fields) => fields.values().any(|v| holds(v, number)),
            _ => false,
        }
    }
    assert!(holds(&serde_json::from_str(&report).unwrap(), ratio), "{ratio} is not in {report}");
}

#[test]
fn a_script_stops_at_its_first_bad_line() {
    let run = |text: &str| {
        let failed = bonescope().args(["run", "-"]).write_stdin(text).assert().failure();
        let output = failed.get_output();
        (output.status.code(), String::from_utf8(output.stderr.clone()).unwrap())
    };
    let (code, message) = run("{\"open\":\"demo:normal\"}\n\nnonsense\n");
    assert_eq!(code, Some(4));
    assert!(message.starts_with("error: line 3"), "{message}");
    let (code, message) = run("{\"action\":\"no.such\"}\n");
    assert_eq!(code, Some(4));
    assert!(message.contains("no.such"), "{message}");
    let (code, message) = run("{\"action\":\"roi.delete\"}\n");
    assert_eq!(code, Some(4));
    assert!(message.contains("line 1") && message.contains("now"), "{message}");
    let (code, message) = run("{\"open\":\"/no/such/file\"}\n");
    assert_eq!(code, Some(1));
    assert!(message.starts_with("error: line 1"), "{message}");
    let (code, message) = run("# nothing is opened\n");
    assert_eq!(code, Some(4));
    assert!(message.contains("opens no study"), "{message}");
}
