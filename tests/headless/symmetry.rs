//! The verbs that compare the sides and sum up lesions, on the simulator's patients.

use assert_cmd::Command;
use serde_json::Value;

fn json(arguments: &[&str]) -> Value {
    let out = Command::cargo_bin("bonescope").unwrap().args(arguments).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    serde_json::from_slice(&out.stdout).unwrap()
}

#[test]
fn the_sides_of_a_patient_with_metastases_differ_where_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let map = folder.path().join("map.png");
    let said = json(&["symmetry", "demo:metastases", "--json", "-o", map.to_str().unwrap()]);
    assert_eq!((&said["schema"], &said["version"]), (&"bonescope/symmetry".into(), &1.into()));
    assert_eq!(said["midline"].as_array().unwrap().len(), 2);
    let areas = said["areas"].as_array().unwrap();
    // The left iliac wing from behind: small columns are the patient's left.
    let ilium = areas.iter().find(|a| {
        let center = [0, 1].map(|i| a["center"][i].as_f64().unwrap());
        a["frame"] == 1 && (center[0] - 84.0).hypot(center[1] - 460.0) < 12.0
    });
    let ilium = ilium.unwrap_or_else(|| panic!("{areas:#?}"));
    assert_eq!((&ilium["sign"], &ilium["side"]), (&"hot".into(), &"left".into()));
    assert!(ilium["z"].as_f64().unwrap() > 5.0 && ilium["q_value"].as_f64().unwrap() < 0.01);
    assert!(ilium["ratio"]["low"].as_f64().unwrap() > 1.3, "{}", ilium["ratio"]);
    assert!(ilium["twin"]["outline"].as_array().unwrap().len() > 3);
    let picture = image::open(&map).unwrap();
    assert!(picture.width() > 400 && picture.height() > 800);
    let text = Command::cargo_bin("bonescope").unwrap().args(["symmetry", "demo:normal"]).output();
    let text = String::from_utf8(text.unwrap().stdout).unwrap();
    assert!(text.contains("anterior view: midline quality"), "{text}");
}
