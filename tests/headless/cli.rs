//! The command line as scripts meet it: exit codes, one-line errors, JSON, files.

use std::path::Path;
use std::process::Output;

use assert_cmd::Command;
use serde_json::{Value, json};
use tempfile::TempDir;

fn bonescope(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bonescope"));
    command.args(arguments);
    command
}

fn run(arguments: &[&str]) -> Output {
    bonescope(arguments).output().unwrap()
}

/// The JSON object on standard output of a command that succeeds and says nothing else.
fn json_of(arguments: &[&str]) -> Value {
    let output = run(arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", stderr(&output));
    assert_eq!(stderr(&output), "", "{arguments:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Fails with `code`, says so in one line and at most one indented remedy, and prints nothing.
fn fails(arguments: &[&str], code: i32) -> String {
    let output = run(arguments);
    let said = stderr(&output);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
    assert_eq!(stdout(&output), "", "{arguments:?}");
    one_error(&said);
    said
}

fn one_error(said: &str) {
    let lines: Vec<&str> = said.lines().collect();
    assert!(lines[0].starts_with("error: ") && lines[0].len() > 10, "{said}");
    assert!(lines.len() <= 2, "{said}");
    assert!(lines.iter().skip(1).all(|l| l.starts_with("  ")), "{said}");
    assert!(!said.contains("panicked") && !said.contains("backtrace"), "{said}");
    assert!(!said.chars().any(|c| c.is_control() && c != '\n'), "{said:?}");
}

fn file(folder: &TempDir, name: &str, content: &str) -> String {
    let path = folder.path().join(name);
    std::fs::write(&path, content).unwrap();
    path.to_str().unwrap().to_owned()
}

fn inside(folder: &TempDir, name: &str) -> String {
    folder.path().join(name).to_str().unwrap().to_owned()
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn regions(rois: Value) -> String {
    json!({"schema": "bonescope/rois", "version": 1, "rois": rois}).to_string()
}

fn has(value: &Value, fields: &[&str]) {
    let object = value.as_object().unwrap_or_else(|| panic!("no object: {value}"));
    for field in fields {
        assert!(object.contains_key(*field), "no {field} in {value}");
    }
}

#[test]
fn help_and_version_are_results() {
    for verb in
        ["info", "render", "measure", "report", "simulate", "run", "gui", "completions", "man"]
    {
        let output = run(&[verb, "--help"]);
        assert_eq!(output.status.code(), Some(0), "{verb}");
        assert!(stdout(&output).contains("Example"), "{verb} shows no example");
        assert!(output.stderr.is_empty());
    }
    let short = stdout(&run(&["-V"]));
    assert_eq!(short.trim(), format!("bonescope {}", env!("CARGO_PKG_VERSION")));
    assert!(stdout(&run(&["--version"])).to_lowercase().contains("not a medical device"));
    assert!(stdout(&run(&["--help"])).to_lowercase().contains("not a medical device"));
}

#[test]
fn shells_and_man_are_served() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = stdout(&run(&["completions", shell]));
        assert!(script.contains("bonescope") && script.contains("simulate"), "{shell}");
    }
    let page = stdout(&run(&["man"]));
    assert!(page.contains(".TH") && page.contains("not") && page.contains("medical device"));
}

#[test]
fn wrong_usage_is_2() {
    fails(&["info"], 2);
    fails(&["info", "demo:normal", "--nonsense"], 2);
    fails(&["measure", "demo:normal"], 2);
    fails(&["measure", "demo:normal", "--rois", "r.json", "--level", "1.5"], 2);
    fails(&["render", "demo:normal", "-o", "x.png", "--size", "0x0"], 2);
    fails(&["render", "demo:normal", "-o", "x.png", "--map", "jet"], 2);
    fails(&["render", "demo:normal", "-o", "x.png", "--mip", "30"], 2);
    fails(&["render", "demo:normal", "-o", "x.png", "--lower", "9", "--upper", "3"], 2);
    fails(&["simulate", "normal"], 2);
    fails(&["simulate", "normal", "-o", "x", "--scan", "spect"], 2);
    fails(&["simulate", "normal", "-o", "x", "--counts", "0"], 2);
    fails(&["report", "demo:normal", "-o", "-"], 2);
    fails(&["report", "demo:normal", "-o", "report.doc"], 2);
    fails(&["report", "demo:normal", "-o", "report.dcm"], 2);
    fails(&["report", "demo:normal", "-o", "report.x", "--format", "sr"], 2);
    fails(&["-q", "-v", "info", "demo:normal"], 2);
}

#[test]
fn an_unusable_input_is_4() {
    let folder = folder();
    let text = file(&folder, "notes.txt", "This is a note and no picture at all.");
    let empty = file(&folder, "empty", "");
    let nothing = inside(&folder, "no-such");
    for verb in ["info", "render"] {
        for path in [&*text, &*empty, &*nothing, "demo:no-such-case"] {
            let png = inside(&folder, "never.png");
            match verb {
                "info" => fails(&["info", path], 4),
                _ => fails(&["render", path, "-o", &png], 4),
            };
        }
    }
    assert!(fails(&["info", &nothing], 4).contains("no such file"));
    assert!(fails(&["info", "demo:no-such-case"], 4).contains("metastases"));
    let hollow = tempfile::tempdir().unwrap();
    fails(&["info", hollow.path().to_str().unwrap()], 4);
    // A mistyped verb looks like a path: no window opens for it.
    fails(&["no-such-verb"], 4);
    fails(&["no-such-verb", "demo:normal"], 4);
}

#[cfg(unix)]
#[test]
fn names_that_are_not_text_do_no_harm() {
    use std::os::unix::ffi::OsStrExt;
    let folder = folder();
    let name = std::ffi::OsStr::from_bytes(b"\xff\x1b[2J\n\xfe.dcm");
    let path = folder.path().join(name);
    for there in [false, true] {
        if there {
            std::fs::write(&path, "no picture").unwrap();
        }
        let output = bonescope(&["info"]).arg(&path).output().unwrap();
        assert_eq!(output.status.code(), Some(4));
        one_error(&stderr(&output));
    }
    let output = bonescope(&["info"]).arg(std::ffi::OsStr::from_bytes(b"--\xff")).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    one_error(&stderr(&output));
}

#[test]
fn info_has_the_fields_of_the_contract() {
    let info = json_of(&["info", "demo:metastases", "--json"]);
    assert_eq!(info["schema"], "bonescope/info");
    assert_eq!(info["version"], 1);
    has(&info["files"], &["read", "skipped"]);
    let study = &info["studies"][0];
    has(study, &["uid", "date", "description", "patient", "series"]);
    has(&study["patient"], &["name", "id", "sex", "age", "weight_kg", "height_m"]);
    let series = &study["series"][0];
    has(
        series,
        &[
            "uid",
            "modality",
            "kind",
            "description",
            "frames",
            "size",
            "spacing_mm",
            "unit",
            "values",
            "frame_values",
            "views",
            "affine",
            "tracer",
            "acquired_at",
            "frame_duration_ms",
            "suv",
            "quality",
            "remarks",
        ],
    );
    assert_eq!(series["kind"], "whole_body");
    assert_eq!(series["unit"], "counts");
    assert_eq!(series["frames"], 2);
    assert_eq!(series["size"], json!([256, 1024]));
    assert_eq!(series["views"][0]["view"], "anterior");
    assert_eq!(series["views"][1]["view"], "posterior");
    has(
        &series["tracer"],
        &["agent", "isotope", "injected_mbq", "injected_at", "half_life_s", "uptake_min"],
    );
    let sum = |value: &Value| value["sum"].as_f64().unwrap();
    let frames = series["frame_values"].as_array().unwrap();
    assert_eq!(frames.iter().map(sum).sum::<f64>(), sum(&series["values"]));
}

#[test]
fn info_for_people_says_the_same() {
    let text = stdout(&run(&["info", "demo:metastases"]));
    for word in ["Whole-body", "256 × 1024", "anterior", "posterior", "counts", "Tc-99m"] {
        assert!(text.contains(word), "no {word} in\n{text}");
    }
}

/// A scan that is written and read again, beside something that is no scan, then beside a broken
/// one.
#[test]
fn what_should_have_been_readable_and_was_not_is_3() {
    let folder = folder();
    let scan = inside(&folder, "scan");
    assert_eq!(run(&["simulate", "normal", "-o", &scan]).status.code(), Some(0));
    let listed = |code: i32| -> (Vec<(String, String)>, String) {
        let output = run(&["info", &scan, "--json"]);
        assert_eq!(output.status.code(), Some(code));
        let info: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(info["files"]["read"], 1);
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let skipped = info["files"]["skipped"].as_array().unwrap();
        let listed = skipped.iter().map(|s| (text(&s["path"]), text(&s["reason"]))).collect();
        (listed, stderr(&output))
    };
    let (skipped, said) = listed(0);
    assert!(skipped[0].0.ends_with("truth.json"), "{skipped:?}");
    assert_eq!((&*skipped[0].1, skipped.len()), ("not a DICOM file", 1));
    assert_eq!(said, "warning: 1 of 2 files were skipped\n");

    let whole = std::fs::read(Path::new(&scan).join("whole-body.dcm")).unwrap();
    std::fs::write(Path::new(&scan).join("broken.dcm"), &whole[..whole.len() / 2]).unwrap();
    let (skipped, said) = listed(3);
    assert!(skipped[0].0.ends_with("broken.dcm") && !skipped[0].1.is_empty(), "{skipped:?}");
    assert_eq!(said, "warning: 2 of 3 files were skipped\n");
    let quiet = run(&["-q", "info", &scan, "--json"]);
    assert_eq!((quiet.status.code(), stderr(&quiet)), (Some(3), String::new()));
    let measured = run(&["render", &scan, "-o", &inside(&folder, "x.png")]);
    assert_eq!(measured.status.code(), Some(3), "{}", stderr(&measured));
    // What was written is what was simulated.
    let file = info_of_file(&format!("{scan}/whole-body.dcm"));
    let demo = json_of(&["info", "demo:normal", "--json"]);
    for field in ["uid", "kind", "size", "spacing_mm", "unit", "values", "frame_values", "tracer"] {
        let series = |info: &Value| info["studies"][0]["series"][0][field].clone();
        assert_eq!(series(&file), series(&demo), "{field}");
    }
}

fn info_of_file(path: &str) -> Value {
    json_of(&["info", path, "--json"])
}

#[test]
fn simulate_lists_writes_and_repeats_itself() {
    let list = json_of(&["simulate", "--list", "--json"]);
    let cases = list["cases"].as_array().unwrap();
    assert!(cases.iter().any(|c| c["name"] == "metastases"));
    assert!(stdout(&run(&["simulate", "--list"])).contains("metastases"));
    fails(&["simulate", "no-such-case", "-o", "x"], 4);

    let folder = folder();
    let (one, two, other) =
        (inside(&folder, "one"), inside(&folder, "two"), inside(&folder, "other"));
    let written = json_of(&["simulate", "tilted", "-o", &one, "--seed", "5", "--json"]);
    assert_eq!(written["seed"], 5);
    let again = |folder: &str, seed| {
        run(&["simulate", "tilted", "-o", folder, "--seed", seed]).status.code()
    };
    assert_eq!(again(&two, "5"), Some(0));
    assert_eq!(again(&other, "6"), Some(0));
    let bytes = |folder: &str, name| std::fs::read(Path::new(folder).join(name)).unwrap();
    for name in ["whole-body.dcm", "truth.json"] {
        assert!(bytes(&one, name) == bytes(&two, name), "{name} is not repeated");
        assert!(bytes(&one, name) != bytes(&other, name), "{name} ignores the seed");
    }
    let truth: Value = serde_json::from_slice(&bytes(&one, "truth.json")).unwrap();
    has(&truth, &["schema", "version", "case", "seed", "lesions", "midline", "bsi_percent"]);
    // Nothing is replaced unasked.
    fails(&["simulate", "tilted", "-o", &one], 2);
    assert_eq!(run(&["simulate", "tilted", "-o", &one, "--force"]).status.code(), Some(0));
    let partial = std::fs::read_dir(&one).unwrap().count();
    assert_eq!(partial, 2, "temporary files were left behind");
}

#[test]
fn measure_has_the_fields_of_the_contract() {
    let folder = folder();
    let rois = file(
        &folder,
        "rois.json",
        &regions(json!([
            {"id": "L1", "name": "left iliac wing", "frame": 1, "shape": "ellipse",
             "center": [100.5, 402.0], "radii": [6.0, 9.0], "angle_deg": 20.0, "twin": "auto"},
            {"id": "R1", "frame": 0, "shape": "rectangle", "min": [90, 300], "max": [100, 320],
             "twin": "none"},
            {"id": "P1", "frame": 0, "shape": "polygon",
             "points": [[90, 400], [100, 402], [98, 425]], "twin": {"center": [150.0, 410.0]}},
        ])),
    );
    let sheet = json_of(&["measure", "demo:normal", "--rois", &rois, "--json"]);
    assert_eq!(sheet["schema"], "bonescope/measure");
    has(&sheet["midline"][0], &["series", "frame", "points", "quality"]);
    let rows = sheet["rois"].as_array().unwrap();
    for row in rows {
        has(
            row,
            &[
                "id",
                "frame",
                "pixels",
                "area_mm2",
                "counts",
                "mean",
                "max",
                "min",
                "sd",
                "counts_per_s",
                "counts_interval",
                "twin",
                "ratio",
                "suv",
                "remarks",
            ],
        );
        has(&row["counts_interval"], &["low", "high", "level", "method"]);
        let counts = row["counts"].as_f64().unwrap();
        assert_eq!(row["mean"].as_f64().unwrap(), counts / row["pixels"].as_f64().unwrap());
    }
    assert_eq!(rows[1]["pixels"], 200);
    assert_eq!((&rows[1]["twin"], &rows[1]["ratio"]), (&Value::Null, &Value::Null));
    has(&rows[0]["twin"], &["kind", "center", "outline", "pixels", "counts", "mean"]);
    has(&rows[0]["ratio"], &["value", "low", "high", "level", "method", "differs_from_1"]);
    assert_eq!(rows[0]["twin"]["kind"], "auto");
    assert_eq!(rows[2]["twin"]["kind"], "placed");
    let center = |row: &Value| row["twin"]["center"][0].as_f64().unwrap();
    assert!((center(&rows[2]) - 150.0).abs() < 1e-6);
    let ratio = &rows[0]["ratio"];
    assert_eq!(ratio["level"], 0.95);
    assert!(ratio["method"].as_str().unwrap().contains("Clopper–Pearson"));
    let mean = |of: &Value| of["mean"].as_f64().unwrap();
    let expected = mean(&rows[0]) / mean(&rows[0]["twin"]);
    assert!((ratio["value"].as_f64().unwrap() - expected).abs() < 1e-12);

    // A wider level has a wider interval; the table says what the JSON says.
    let wide = json_of(&["measure", "demo:normal", "--rois", &rois, "--json", "--level", "0.99"]);
    let bound = |sheet: &Value, side: &str| sheet["rois"][0]["ratio"][side].as_f64().unwrap();
    assert!(bound(&wide, "low") < bound(&sheet, "low"));
    assert!(bound(&wide, "high") > bound(&sheet, "high"));
    let table = stdout(&run(&["measure", "demo:normal", "--rois", &rois]));
    for word in ["L1", "left iliac wing", "R1", "P1", "95 %", &format!("{expected:.2}")] {
        assert!(table.contains(word), "no {word} in\n{table}");
    }
}

#[test]
fn wrong_regions_are_4() {
    let folder = folder();
    let measured = |name: &str, content: &str| {
        let rois = file(&folder, name, content);
        fails(&["measure", "demo:normal", "--rois", &rois], 4)
    };
    measured("a.json", "{");
    measured("b.json", "{\"schema\":\"other\",\"version\":1,\"rois\":[]}");
    measured("c.json", "{\"schema\":\"bonescope/rois\",\"version\":2,\"rois\":[]}");
    let one = |roi: Value| regions(json!([roi]));
    let message = measured(
        "d.json",
        &one(json!({"id": "X", "frame": 7, "shape": "ellipse", "center": [1, 1], "radii": [1, 1]})),
    );
    assert!(message.contains("frame 7"), "{message}");
    let radius = json!({"id": "X", "shape": "ellipse", "center": [1, 1], "radii": [0, 1]});
    assert!(measured("e.json", &one(radius)).contains("radii"));
    let volume = json!({"id": "V", "shape": "isocontour", "seed": [1, 2, 3]});
    assert!(measured("f.json", &one(volume)).contains("isocontour"));
    let series =
        json!({"id": "X", "series": "1.2.3", "shape": "rectangle", "min": [1, 1], "max": [2, 2]});
    assert!(measured("g.json", &one(series)).contains("series"));
    fails(&["measure", "demo:normal", "--rois", &inside(&folder, "none.json")], 4);
    // A twin has a shape too.
    let twin = json!({"id": "X", "shape": "rectangle", "min": [1, 1], "max": [2, 2],
        "twin": {"shape": "rectangle", "min": [2, 2], "max": [1, 1]}});
    measured("h.json", &one(twin));
}

/// The whole chain against the truth: simulated, written, read, measured. The noise is Poisson
/// and the intervals are exact, so each holds the expected ratio in at least 95 of 100 scans.
#[test]
fn intervals_hold_the_truth_of_the_phantom() {
    let folder = folder();
    let (mut ratios, mut ratio_hits, mut counts, mut count_hits) = (0, 0, 0, 0);
    for seed in ["1", "2"] {
        let scan = inside(&folder, seed);
        let simulated = run(&["simulate", "metastases", "-o", &scan, "--seed", seed]);
        assert_eq!(simulated.status.code(), Some(0), "{}", stderr(&simulated));
        let truth = std::fs::read(Path::new(&scan).join("truth.json")).unwrap();
        let truth: Value = serde_json::from_slice(&truth).unwrap();
        let mut rois = Vec::new();
        let mut expected = Vec::new();
        for lesion in truth["lesions"].as_array().unwrap() {
            for frame in lesion["frames"].as_array().unwrap() {
                let twin = match &frame["twin"] {
                    Value::Null => json!("none"),
                    twin => json!({"shape": "polygon", "points": twin["outline"]}),
                };
                rois.push(json!({
                    "id": format!("{} {}", lesion["name"], frame["frame"]),
                    "frame": frame["frame"],
                    "shape": "polygon", "points": frame["outline"],
                    "twin": twin,
                }));
                expected.push(frame.clone());
            }
        }
        assert!(rois.len() >= 12, "{}", rois.len());
        let rois = file(&folder, &format!("{seed}.json"), &regions(Value::Array(rois)));
        let dicom = format!("{scan}/whole-body.dcm");
        let sheet = json_of(&["measure", &dicom, "--rois", &rois, "--json"]);
        for (row, truth) in sheet["rois"].as_array().unwrap().iter().zip(&expected) {
            let holds = |interval: &Value, value: &Value| {
                let bound = |side: &str| interval[side].as_f64().unwrap();
                let value = value.as_f64().unwrap();
                bound("low") <= value && value <= bound("high")
            };
            counts += 1;
            count_hits += usize::from(holds(&row["counts_interval"], &truth["expected_counts"]));
            if truth["expected_ratio"].is_number() {
                ratios += 1;
                ratio_hits += usize::from(holds(&row["ratio"], &truth["expected_ratio"]));
            }
        }
    }
    // P(more than 6 misses in 48 at 5 %) is under 2 %, and the seeds are fixed.
    assert!(ratios >= 16 && counts >= 24, "{ratios} ratios, {counts} counts");
    assert!(ratios - ratio_hits <= 6, "{ratio_hits} of {ratios} intervals hold the ratio");
    assert!(counts - count_hits <= 6, "{count_hits} of {counts} intervals hold the counts");
}

#[test]
fn render_writes_pictures() {
    let folder = folder();
    let picture = |name: &str, arguments: &[&str]| {
        let path = inside(&folder, name);
        let output = bonescope(&["render", "demo:metastases", "-o", &path])
            .args(arguments)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        image::open(&path).unwrap().to_rgb8()
    };
    let both = picture("both.png", &["--size", "400x600"]);
    assert_eq!(both.dimensions(), (400, 600));
    let posterior = picture("posterior.png", &["--view", "posterior", "--no-text"]);
    assert_eq!(posterior, picture("frame.png", &["--view", "1", "--no-text"]));
    assert_eq!(posterior, picture("slice.png", &["--slice", "1", "--no-text"]));
    assert_ne!(posterior, picture("anterior.png", &["--view", "anterior", "--no-text"]));
    // The lower the upper level, the darker the inverted picture.
    let darkness = |p: &image::RgbImage| -> u64 { p.pixels().map(|p| 255 - u64::from(p[1])).sum() };
    let hot = picture("hot.png", &["--view", "posterior", "--no-text", "--upper", "10%"]);
    assert!(darkness(&hot) > darkness(&posterior) + 10_000);
    let iron = picture("iron.png", &["--view", "posterior", "--map", "hot-iron"]);
    assert_ne!(iron, picture("text.png", &["--view", "posterior"]));

    let rois = file(
        &folder,
        "rois.json",
        &regions(json!([{"id": "L1", "frame": 1, "shape": "ellipse", "center": [100, 402],
            "radii": [8, 8]}])),
    );
    let marked = picture("marked.png", &["--view", "posterior", "--no-text", "--rois", &rois]);
    assert_ne!(marked, posterior);
    let path = inside(&folder, "both.png");
    fails(&["render", "demo:metastases", "-o", &path], 2);
    fails(&["render", "demo:metastases", "-o", &inside(&folder, "x.png"), "--view", "9"], 4);
    fails(
        &["render", "demo:metastases", "-o", &inside(&folder, "x.png"), "--view", "left_lateral"],
        4,
    );
    // Standard output takes a picture as well.
    let piped = run(&["render", "demo:metastases", "-o", "-", "--view", "1", "--no-text"]);
    assert!(piped.stdout.starts_with(b"\x89PNG"));
}

#[test]
fn reports_come_in_every_format() {
    let folder = folder();
    let rois = file(
        &folder,
        "rois.json",
        &regions(json!([{"id": "L1", "name": "iliac wing", "frame": 1, "shape": "ellipse",
            "center": [100, 402], "radii": [8, 8]}])),
    );
    let report = |name: &str, more: &[&str]| {
        let path = inside(&folder, name);
        let output = bonescope(&[
            "report",
            "demo:metastases",
            "--rois",
            &rois,
            "--impression",
            "Looks hot.",
        ])
        .args(["-o", &path])
        .args(more)
        .output()
        .unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        std::fs::read(path).unwrap()
    };
    let name = "Simulated";
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let json = text(report("report.json", &[]));
    assert!(json.contains("iliac wing") && json.contains("Looks hot.") && json.contains(name));
    let hidden = text(report("hidden.json", &["--identity", "none"]));
    let _: Value = serde_json::from_str(&hidden).unwrap();
    assert!(!hidden.contains("SIM-METASTASES"), "{hidden}");
    assert!(text(report("report.csv", &[])).contains("iliac wing"));
    assert!(report("report.png", &[]).starts_with(b"\x89PNG"));
    assert!(text(report("odd-name", &["--format", "csv"])).contains("L1"));
    if cfg!(feature = "pdf") {
        assert!(report("report.pdf", &[]).starts_with(b"%PDF"));
    } else {
        let path = inside(&folder, "report.pdf");
        assert!(fails(&["report", "demo:normal", "-o", &path], 2).contains("pdf"));
    }
    let path = inside(&folder, "report.json");
    fails(&["report", "demo:metastases", "-o", &path], 2);
    let forced = run(&["report", "demo:metastases", "-o", &path, "--force"]);
    assert_eq!(forced.status.code(), Some(0));
    // A folder that is not there is the disk's fault, not the input's.
    let nowhere = inside(&folder, "no/such/folder/report.csv");
    fails(&["report", "demo:metastases", "-o", &nowhere], 1);
}

#[test]
fn a_report_says_when_it_was_made() {
    let report = |epoch: Option<&str>| {
        let mut command = bonescope(&["report", "demo:normal", "-o", "-", "--format", "json"]);
        match epoch {
            Some(epoch) => command.env("SOURCE_DATE_EPOCH", epoch),
            None => command.env_remove("SOURCE_DATE_EPOCH"),
        };
        command.output().unwrap()
    };
    let made = |output: &Output| -> String {
        assert_eq!(output.status.code(), Some(0), "{}", stderr(output));
        let json: Value = serde_json::from_slice(&output.stdout).unwrap();
        json["made_at"].as_str().unwrap().to_owned()
    };
    let fixed = report(Some("1700000000"));
    assert_eq!(made(&fixed), "2023-11-14T22:13:20Z");
    assert_eq!(fixed.stdout, report(Some("1700000000")).stdout);
    // By the clock it was a moment ago.
    let now = chrono::Utc::now().naive_utc();
    let made = made(&report(None));
    let made = chrono::NaiveDateTime::parse_from_str(&made, "%Y-%m-%dT%H:%M:%SZ").unwrap();
    assert!((made - now).num_seconds().abs() < 600, "{made} {now}");
    let odd = report(Some("yesterday"));
    assert_eq!(odd.status.code(), Some(2));
    one_error(&stderr(&odd));
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_is_no_error() {
    use std::process::{Command, Stdio};
    let mut child = Command::new(env!("CARGO_BIN_EXE_bonescope"))
        .args(["info", "demo:normal", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), stderr(&output)), (Some(0), String::new()));
}

#[cfg(not(feature = "window"))]
#[test]
fn without_a_window_the_program_says_so() {
    assert!(fails(&[], 2).contains("no window"));
    assert!(fails(&["gui", "--demo"], 2).contains("no window"));
}

#[cfg(all(feature = "window", target_os = "linux"))]
#[test]
fn without_a_display_the_window_says_so() {
    let output = bonescope(&["gui", "--demo"])
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("WAYLAND_SOCKET")
        .timeout(std::time::Duration::from_secs(60))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    one_error(&stderr(&output));
    assert!(stderr(&output).contains("no display"), "{}", stderr(&output));
}
