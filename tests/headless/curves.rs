//! Conjugate views and time curves on the command line.

use assert_cmd::Command;
use serde_json::{Value, json};

fn measure(rois: Value, more: &[&str]) -> (Option<i32>, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rois.json");
    let file = json!({"schema": "bonescope/rois", "version": 1, "rois": rois});
    std::fs::write(&path, file.to_string()).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_bonescope"))
        .args(["measure", "demo:metastases", "--rois"])
        .arg(&path)
        .args(more)
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn square(id: &str, frame: usize, x: f64, y: f64) -> Value {
    json!({"id": id, "frame": frame, "shape": "rectangle", "min": [x, y],
           "max": [x + 12.0, y + 12.0], "twin": "none"})
}

/// The same square seen from both sides, 256 columns wide: 100 to 112 is 143 to 155 from behind.
fn from_both_sides() -> Value {
    json!([square("A", 0, 99.5, 400.5), square("P", 1, 143.5, 400.5), square("B", 0, 20.0, 20.0)])
}

#[test]
fn a_region_and_its_conjugate_have_a_geometric_mean() {
    let (code, out, said) = measure(from_both_sides(), &["--json"]);
    assert_eq!((code, said.as_str()), (Some(0), ""));
    let sheet: Value = serde_json::from_str(&out).unwrap();
    let rows = sheet["rois"].as_array().unwrap();
    let number = |value: &Value| value.as_f64().unwrap();
    let expected = (number(&rows[0]["counts"]) * number(&rows[1]["counts"])).sqrt();
    for (row, other) in [(0, "P"), (1, "A")] {
        let mean = &rows[row]["geometric_mean"];
        assert_eq!(mean["with"], other, "{mean}");
        assert!((number(&mean["value"]) / expected - 1.0).abs() < 1e-12);
        assert!(number(&mean["low"]) < expected && expected < number(&mean["high"]));
        assert_eq!(mean["level"], 0.95);
        assert!(mean["method"].as_str().unwrap().contains("likelihood"));
        assert!(number(&mean["counts_per_s"]) > 0.0);
    }
    assert_eq!(rows[2]["geometric_mean"], Value::Null);
}

#[test]
fn no_curve_without_frames_in_time() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("curves.csv");
    let (code, out, said) = measure(from_both_sides(), &["--curve", path.to_str().unwrap()]);
    assert_eq!((code, out.as_str()), (Some(4), ""));
    assert!(said.contains("only one frame") && said.contains("info PATH"), "{said}");
    assert!(!path.exists());
    let (code, ..) = measure(from_both_sides(), &["--curve", "-", "--json"]);
    assert_eq!(code, Some(2));
    let (code, ..) = measure(from_both_sides(), &["--force"]);
    assert_eq!(code, Some(2));
}
