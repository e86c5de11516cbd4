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

#[test]
fn the_index_shows_its_arithmetic() {
    let folder = tempfile::tempdir().unwrap();
    let rois = folder.path().join("rois.json");
    let one = r#"{"schema":"bonescope/rois","version":1,"rois":[
        {"id":"L1","frame":1,"shape":"ellipse","center":[84.5,460],"radii":[8,9]},
        {"id":"L2","frame":1,"shape":"ellipse","center":[128,441],"radii":[8,5]}]}"#;
    std::fs::write(&rois, one).unwrap();
    let said = json(&["bsi", "demo:metastases", "--rois", rois.to_str().unwrap(), "--json"]);
    assert_eq!((&said["schema"], &said["version"]), (&"bonescope/bsi".into(), &1.into()));
    assert_eq!(said["weights"], "spiers1968-v1");
    let number = |value: &Value| value.as_f64().unwrap_or_else(|| panic!("{said:#}"));
    let regions = said["regions"].as_array().unwrap();
    let sum: f64 = regions.iter().map(|r| number(&r["contribution_percent"])).sum();
    assert!((sum - number(&said["bsi_percent"])).abs() < 1e-9);
    for region in regions {
        let product = number(&region["weight_percent"]) * number(&region["involved_fraction"]);
        assert!((product - number(&region["contribution_percent"])).abs() < 1e-9, "{region}");
    }
    assert!(regions.iter().any(|r| r["region"] == "left pelvis"), "{said:#}");
    let (low, high) = (number(&said["low"]), number(&said["high"]));
    assert!(low < sum && sum < high && high < 3.0, "{low} {high}");
    // The atlas's own adult, but for what lies in the way of the names.
    for size in said["skeleton_size"].as_array().unwrap() {
        assert!((0.9..1.1).contains(&number(size)), "{size}");
    }
    assert!(said["remarks"][0].as_str().unwrap().contains("185 min"), "{said:#}");
}

#[test]
fn an_index_of_candidates_says_that_nobody_accepted_them() {
    let said = json(&["bsi", "demo:metastases", "--json"]);
    let remarks = said["remarks"].as_array().unwrap();
    assert!(remarks.iter().any(|r| r.as_str().unwrap().contains("candidates")), "{remarks:?}");
    let first = &said["regions"][0]["lesions"][0];
    assert!(first.as_str().unwrap().starts_with('H'), "{said:#}");
    // Involved in truth: 2.1 % of the phantom's bone.
    let volume = said["involved_volume_percent"].as_f64().unwrap();
    assert!((0.7..4.5).contains(&volume), "{volume}");
}
