//! DICOM in: peers' public files against their expected values, and crafted bytes.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use bonescope::dicom::{Error, Fault, Loaded, NoProgress, Progress, StudySummary, open, survey};
use bonescope::study::{SeriesKind, SeriesSummary, Unit, ValueSummary, ViewName, ViewSource};

/// Public files with values computed by pydicom; absent outside the project's own workshop.
fn data() -> Option<PathBuf> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data"));
    if folder.join("expected.json").is_file() {
        return Some(folder.to_owned());
    }
    assert!(
        std::env::var_os("BONESCOPE_REQUIRE_ALL").is_none(),
        "{} is needed and not there",
        folder.display()
    );
    eprintln!("skipped: {} is not there", folder.display());
    None
}

fn series(loaded: &Loaded<Vec<StudySummary>>) -> impl Iterator<Item = &SeriesSummary> {
    loaded.value.iter().flat_map(|study| &study.series)
}

/// The only series of a file.
fn one(path: &Path) -> SeriesSummary {
    let loaded = survey(path, &NoProgress).unwrap();
    let mut found = series(&loaded);
    let only = found.next().unwrap().clone();
    assert!(found.next().is_none());
    only
}

/// Whether a frame's values are pydicom's; lossy pictures may differ where decoders round.
fn matches(found: &ValueSummary, expected: &serde_json::Value, tolerance: f64) -> bool {
    let near = |value: f64, key: &str| {
        let wanted = expected[key].as_f64().unwrap();
        (value - wanted).abs() <= tolerance * wanted.abs().max(1.0)
    };
    near(found.min, "min")
        && near(found.max, "max")
        && near(found.sum, "sum")
        && near(found.mean(), "mean")
}

#[test]
fn every_public_file_is_read_as_pydicom_reads_it_or_says_why_not() {
    let Some(folder) = data() else { return };
    let text = fs::read_to_string(folder.join("expected.json")).unwrap();
    let expected: serde_json::Value = serde_json::from_str(&text).unwrap();
    let mut wrong = Vec::new();
    let mut compared = 0;
    for (name, file) in expected["files"].as_object().unwrap() {
        let pixels = &file["pydicom_pixels"];
        let result = survey(&folder.join(name), &NoProgress);
        let message = match &result {
            Ok(_) => None,
            Err(error) => Some(error.to_string()),
        };
        if let Some(message) = &message {
            assert!(message.lines().count() == 1 && message.len() > 20, "{name}: {message}");
        }
        let frame = |which: &str| {
            ["rescaled_fg", "rescaled"]
                .iter()
                .map(|suffix| &pixels[format!("{which}_{suffix}")])
                .find(|v| v.is_object())
        };
        if let (Some(first), Some(last)) = (frame("first"), frame("last")) {
            let Ok(loaded) = &result else {
                wrong.push(format!("{name}: refused: {}", message.unwrap()));
                continue;
            };
            let only = series(loaded).next().unwrap();
            let lossy = only.remarks.iter().any(|r| r.contains("Compressed with loss"));
            let tolerance = if lossy { 1e-3 } else { 1e-9 };
            let values = |i: usize| only.frames[i].values.unwrap();
            let count = pixels["frames"].as_u64().unwrap() as usize;
            if only.frames.len() != count
                || !matches(&values(0), first, tolerance)
                || !matches(&values(count - 1), last, tolerance)
            {
                wrong.push(format!("{name}: {:?} for {first}", only.frames[0].values));
            }
            compared += 1;
        } else if pixels.is_object() {
            let told = result.is_ok_and(|loaded| {
                series(&loaded).any(|s| {
                    s.kind == SeriesKind::Other
                        && s.remarks.iter().any(|r| r.contains("colour image"))
                })
            });
            if !told {
                wrong.push(format!("{name}: a colour image is not listed as one"));
            }
        } else if let Ok(loaded) = &result {
            // No picture, or one that pydicom cannot decode: it must say what it is.
            if series(loaded).any(|s| s.remarks.is_empty() && s.kind == SeriesKind::Other) {
                wrong.push(format!("{name}: listed without a word"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(compared > 180, "only {compared} files were compared");
}

#[test]
fn a_real_bone_scan_has_the_same_counts_in_every_lossless_coding() {
    let Some(folder) = data() else { return };
    let coded = folder.join("Enet4__dicom-test-files/data/WG04");
    let plain = "wearemothership__dicom-test-files/medical.nema.org/compsamples_refanddir/IMAGES";
    let files = [
        folder.join(plain).join("REF/NM1_UNC"),
        coded.join("J2KR/NM1_J2KR"),
        coded.join("JLSL/NM1_JLSL"),
        coded.join("JPLL/NM1_JPLL"),
        coded.join("RLE/NM1_RLE"),
    ];
    for file in files {
        let scan = one(&file);
        assert_eq!(scan.values.unwrap().sum, 3_596_452.0, "{}", file.display());
        assert_eq!(scan.unit, Unit::Counts);
        assert_eq!(scan.kind, SeriesKind::WholeBody);
        assert_eq!(scan.size, [256, 1024]);
        assert_eq!(scan.frames[0].view.view, ViewName::Anterior);
        assert_eq!(scan.frames[0].view.source, ViewSource::Description);
        assert_eq!(scan.frames[0].duration_ms, Some(1_210_434.0));
        let study = open(&file, &NoProgress).unwrap().value.remove(0);
        assert_eq!(study.series[0].frames[0].values.poisson(), Ok(()));
    }
}

#[test]
fn volumes_are_listed_with_their_place() {
    let Some(folder) = data() else { return };
    let loaded = survey(&folder.join("ibsi__data_sets"), &NoProgress).unwrap();
    let pet = series(&loaded).find(|s| s.kind == SeriesKind::Pet).unwrap();
    assert_eq!(pet.size, [63, 54, 114]);
    assert_eq!(pet.unit, Unit::GramsPerMl);
    let affine = pet.affine.unwrap();
    assert!((affine[2][2] - 3.27).abs() < 1e-9 && (affine[2][3] - 531.02).abs() < 1e-4);
    let values = pet.values.unwrap();
    assert!((values.sum / 125_341.683_165_183_29 - 1.0).abs() < 1e-9);
    let ct = series(&loaded).find(|s| s.kind == SeriesKind::Ct).unwrap();
    assert_eq!((ct.size.as_slice(), ct.unit.clone()), (&[252, 215, 114][..], Unit::Hounsfield));
    assert_eq!(ct.values.unwrap().sum, -3_468_848_337.0);
}

/// A little DICOM writer that can also write nonsense.
#[derive(Clone)]
struct Crafted {
    elements: Vec<(u32, [u8; 2], Vec<u8>)>,
}

impl Crafted {
    /// A valid static NM image of 3 × 2 pixels, one frame.
    fn planar() -> Self {
        let text = |s: &str| {
            let mut bytes = s.as_bytes().to_vec();
            if bytes.len() % 2 == 1 {
                bytes.push(b' ');
            }
            bytes
        };
        let pixels = [1_u16, 2, 3, 4, 5, 65_535].iter().flat_map(|p| p.to_le_bytes()).collect();
        let us = |v: u16| v.to_le_bytes().to_vec();
        let elements = vec![
            (0x0008_0008, *b"CS", text("ORIGINAL\\PRIMARY\\STATIC\\EMISSION")),
            (0x0008_0016, *b"UI", text("1.2.840.10008.5.1.4.1.1.20")),
            (0x0008_0018, *b"UI", text("1.2.3.4")),
            (0x0008_0060, *b"CS", text("NM")),
            (0x0010_0010, *b"PN", text("SECRET^NAME")),
            (0x0010_0020, *b"LO", text("SIM-1")),
            (0x0020_000D, *b"UI", text("1.2.3")),
            (0x0020_000E, *b"UI", text("1.2.3.5")),
            (0x0028_0002, *b"US", us(1)),
            (0x0028_0004, *b"CS", text("MONOCHROME2")),
            (0x0028_0008, *b"IS", text("1")),
            (0x0028_0010, *b"US", us(2)),
            (0x0028_0011, *b"US", us(3)),
            (0x0028_0030, *b"DS", text("4.8\\2.4")),
            (0x0028_0100, *b"US", us(16)),
            (0x0028_0101, *b"US", us(16)),
            (0x0028_0102, *b"US", us(15)),
            (0x0028_0103, *b"US", us(0)),
            (0x7FE0_0010, *b"OW", pixels),
        ];
        Self { elements }
    }

    fn with(mut self, tag: u32, vr: &[u8; 2], value: &[u8]) -> Self {
        self.elements.retain(|(t, ..)| *t != tag);
        self.elements.push((tag, *vr, value.to_vec()));
        self.elements.sort_by_key(|(tag, ..)| *tag);
        self
    }

    fn without(mut self, tag: u32) -> Self {
        self.elements.retain(|(t, ..)| *t != tag);
        self
    }

    fn body(&self, implicit: bool, big_endian: bool) -> Vec<u8> {
        let short = |n: u16| if big_endian { n.to_be_bytes() } else { n.to_le_bytes() };
        let long = |n: u32| if big_endian { n.to_be_bytes() } else { n.to_le_bytes() };
        let mut out = Vec::new();
        for (tag, vr, value) in &self.elements {
            let mut value = value.clone();
            if big_endian && matches!(vr, b"US" | b"OW") {
                value.as_chunks_mut::<2>().0.iter_mut().for_each(|word| word.reverse());
            }
            out.extend(short((tag >> 16) as u16));
            out.extend(short(*tag as u16));
            match (implicit, vr) {
                (true, _) => out.extend(long(value.len() as u32)),
                (_, b"OW" | b"OB" | b"UN" | b"SQ") => {
                    out.extend(vr);
                    out.extend([0, 0]);
                    out.extend(long(value.len() as u32));
                }
                _ => {
                    out.extend(vr);
                    out.extend(short(value.len() as u16));
                }
            }
            out.extend(value);
        }
        out
    }

    fn file(&self) -> Vec<u8> {
        part10("1.2.840.10008.1.2.1", &self.body(false, false))
    }
}

fn part10(transfer_syntax: &str, body: &[u8]) -> Vec<u8> {
    let mut syntax = transfer_syntax.as_bytes().to_vec();
    if syntax.len() % 2 == 1 {
        syntax.push(0);
    }
    let mut out = vec![0; 128];
    out.extend(b"DICM\x02\x00\x10\x00UI");
    out.extend((syntax.len() as u16).to_le_bytes());
    out.extend(syntax);
    out.extend(body);
    out
}

fn summary(bytes: &[u8]) -> Result<SeriesSummary, Error> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    fs::write(&path, bytes).unwrap();
    let loaded = survey(&path, &NoProgress)?;
    Ok(series(&loaded).next().unwrap().clone())
}

fn fault(bytes: &[u8]) -> Fault {
    match summary(bytes) {
        Err(Error::Unusable { fault, .. }) => fault,
        other => panic!("{other:?}"),
    }
}

const SUM: f64 = 65_550.0;

#[test]
fn every_way_of_writing_gives_the_same_pixels() {
    let image = Crafted::planar();
    let explicit = image.body(false, false);
    // Deflate's stored block: no compression, so that no encoder is needed here.
    let length = explicit.len() as u16;
    let mut stored = vec![1];
    stored.extend(length.to_le_bytes());
    stored.extend((!length).to_le_bytes());
    stored.extend(&explicit);
    let files = [
        image.file(),
        explicit.clone(),
        [b"DICM".to_vec(), image.file()[132..].to_vec()].concat(),
        part10("1.2.840.10008.1.2", &image.body(true, false)),
        image.body(true, false),
        part10("1.2.840.10008.1.2.2", &image.body(false, true)),
        part10("1.2.840.10008.1.2.1.99", &stored),
        // Says one thing and does the other.
        part10("1.2.840.10008.1.2.1", &image.body(true, false)),
    ];
    for (i, file) in files.iter().enumerate() {
        let scan = summary(file).unwrap();
        let values = scan.values.unwrap();
        assert_eq!((values.sum, values.max), (SUM, 65_535.0), "{i}");
        assert_eq!(scan.spacing_mm, Some(vec![2.4, 4.8]), "{i}");
        assert_eq!(scan.unit, Unit::Counts, "{i}");
    }
}

#[test]
fn bits_signs_and_palettes_keep_their_stored_values() {
    let image = Crafted::planar();
    let signed = summary(&image.clone().with(0x0028_0103, b"US", &[1, 0]).file()).unwrap();
    assert_eq!(signed.values.unwrap().min, -1.0);
    let palette = image.clone().with(0x0028_0004, b"CS", b"PALETTE COLOR ");
    let palette = summary(&palette.file()).unwrap();
    assert_eq!(palette.values.unwrap().sum, SUM);
    assert!(palette.remarks.iter().any(|r| r.contains("palette")));
    let wide = image
        .with(0x0028_0100, b"US", &[32, 0])
        .with(0x0028_0101, b"US", &[32, 0])
        .with(0x0028_0102, b"US", &[31, 0])
        .with(0x7FE0_0010, b"OW", &[0xFF; 24]);
    assert_eq!(summary(&wide.file()).unwrap().values.unwrap().max, 4_294_967_295.0);
}

#[test]
fn a_malformed_slope_is_refused_and_a_bare_one_is_no_count() {
    let image = Crafted::planar();
    let bad = image.clone().with(0x0028_1053, b"DS", b"1,5 ");
    assert!(matches!(fault(&bad.file()), Fault::Malformed(..)));
    let scaled = image.with(0x0028_1053, b"DS", b"0.5 ");
    let scaled = summary(&scaled.file()).unwrap();
    assert_eq!(scaled.values.unwrap().sum, 0.5 * SUM);
    assert_eq!(scaled.unit, Unit::ProportionalToCounts);
}

#[test]
fn loss_is_told_and_bars_statistics() {
    let image = Crafted::planar().with(0x0028_2110, b"CS", b"01");
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("lossy"), image.file()).unwrap();
    let study = open(folder.path(), &NoProgress).unwrap().value.remove(0);
    assert!(study.simulated);
    let frame = &study.series[0].frames[0];
    assert!(frame.values.lossy && frame.values.poisson().is_err());
    assert!(study.series[0].remarks.iter().any(|r| r.contains("loss")));
}

#[test]
fn un_of_undefined_length_is_an_implicit_sequence() {
    let mut body = Crafted::planar().body(false, false);
    let at = body.windows(4).position(|w| w == [0x20, 0, 0x0D, 0]).unwrap();
    let mut hidden = b"\x19\x00\x01\x10UN\0\0\xFF\xFF\xFF\xFF".to_vec();
    hidden.extend(b"\xFE\xFF\x00\xE0\xFF\xFF\xFF\xFF");
    hidden.extend(b"\x19\x00\x02\x10\x02\0\0\0ab");
    hidden.extend(b"\xFE\xFF\x0D\xE0\0\0\0\0\xFE\xFF\xDD\xE0\0\0\0\0");
    body.splice(at..at, hidden);
    assert_eq!(summary(&part10("1.2.840.10008.1.2.1", &body)).unwrap().values.unwrap().sum, SUM);
}

#[test]
fn depth_and_length_are_bounded() {
    let image = Crafted::planar();
    let mut body = image.body(false, false);
    let at = body.windows(4).position(|w| w == [0x20, 0, 0x0D, 0]).unwrap();
    let level = b"\x19\x00\x01\x10SQ\0\0\xFF\xFF\xFF\xFF\xFE\xFF\x00\xE0\xFF\xFF\xFF\xFF";
    body.splice(at..at, level.repeat(100_000));
    assert!(matches!(fault(&part10("1.2.840.10008.1.2.1", &body)), Fault::TooDeep(_)));
    let mut body = image.body(false, false);
    body.splice(at..at, b"\x19\x00\x01\x10UT\0\0\xF0\xFF\xFF\xFF".to_vec());
    assert!(matches!(fault(&part10("1.2.840.10008.1.2.1", &body)), Fault::Beyond { .. }));
    let file = image.file();
    assert!(matches!(fault(&file[..file.len() - 1]), Fault::PixelsShort { .. }));
    assert_eq!(fault(b"not an image, just a text"), Fault::NotDicom);
}

#[test]
fn every_beginning_of_a_file_is_an_error_without_the_patient() {
    let file = Crafted::planar().file();
    for end in (0..file.len()).step_by(3) {
        let message = summary(&file[..end]).unwrap_err().to_string();
        assert!(!message.contains("SECRET") && !message.contains("SIM-1"), "{message}");
        assert_eq!(message.lines().count(), 1);
    }
}

#[test]
fn a_broken_neighbour_stops_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let image = Crafted::planar();
    fs::write(folder.path().join("good"), image.file()).unwrap();
    fs::write(folder.path().join("copy"), image.file()).unwrap();
    fs::write(folder.path().join("cut"), &image.file()[..300]).unwrap();
    fs::write(folder.path().join("notes.txt"), "hello, this is no picture").unwrap();
    let loaded = survey(folder.path(), &NoProgress).unwrap();
    assert_eq!(loaded.files_read, 1);
    let reasons: Vec<_> = loaded.skipped.iter().map(|s| s.reason.as_str()).collect();
    assert_eq!(reasons.len(), 3);
    assert!(reasons[0].contains("already read") || reasons[1].contains("already read"));
    assert!(reasons.contains(&"not a DICOM file"));
}

#[test]
fn names_without_view_codes_are_followed_and_never_guessed() {
    let image = Crafted::planar();
    let unknown = summary(&image.clone().file()).unwrap();
    assert_eq!(unknown.frames[0].view.view, ViewName::Unknown);
    assert!(unknown.remarks.iter().any(|r| r.contains("left and right are unknown")));
    let named = image.with(0x0008_103E, b"LO", b"Pelvis POST ");
    let named = summary(&named.file()).unwrap();
    assert_eq!(named.frames[0].view.view, ViewName::Posterior);
    assert_eq!(named.frames[0].laterality.larger_columns, Some(bonescope::geometry::Side::Right));
}

#[test]
fn missing_pixels_and_missing_files_are_told_apart() {
    assert_eq!(fault(&Crafted::planar().without(0x7FE0_0010).file()), Fault::NoPixels);
    let nowhere = survey(Path::new("/nowhere/at/all"), &NoProgress).unwrap_err();
    assert!(matches!(nowhere, Error::NotFound { .. }));
}

#[test]
fn a_zip_is_read_in_memory_whatever_its_names() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("study.zip");
    let mut zip = zip::ZipWriter::new(fs::File::create(&path).unwrap());
    let image = Crafted::planar();
    let stored = zip::write::SimpleFileOptions::default();
    for (i, name) in ["../../PWNED.dcm", "/tmp/PWNED.dcm", "notes.txt"].into_iter().enumerate() {
        zip.start_file(name, stored).unwrap();
        let instance = format!("1.2.3.4.{i}");
        let bytes = match i {
            2 => b"no picture at all".to_vec(),
            _ => image.clone().with(0x0008_0018, b"UI", instance.as_bytes()).file(),
        };
        std::io::Write::write_all(&mut zip, &bytes).unwrap();
    }
    zip.finish().unwrap();
    let loaded = survey(&path, &NoProgress).unwrap();
    assert_eq!((loaded.files_read, loaded.skipped.len()), (2, 1));
    assert_eq!(series(&loaded).next().unwrap().frames.len(), 2);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_dicomdir_leads_to_its_files_and_nowhere_else() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("IMAGES")).unwrap();
    fs::write(folder.path().join("IMAGES/IM1"), Crafted::planar().file()).unwrap();
    let record = |file: &str| {
        let name = Crafted { elements: Vec::new() }.with(0x0004_1500, b"CS", file.as_bytes());
        let body = name.body(false, false);
        [&b"\xFE\xFF\x00\xE0"[..], &(body.len() as u32).to_le_bytes(), &body].concat()
    };
    let records = [record("IMAGES\\IM1"), record("..\\..\\ETC\\PASSWD "), record("IMAGES\\GONE ")];
    let directory =
        Crafted { elements: Vec::new() }.with(0x0004_1220, b"SQ", &records.concat()).file();
    let path = folder.path().join("DICOMDIR");
    fs::write(&path, directory).unwrap();
    let loaded = survey(&path, &NoProgress).unwrap();
    assert_eq!((loaded.files_read, loaded.skipped.len()), (1, 2));
    assert!(loaded.skipped.iter().any(|s| s.reason.contains("outside its folder")));
    // The folder itself holds the same and loses nothing over its directory.
    let loaded = survey(folder.path(), &NoProgress).unwrap();
    assert_eq!((loaded.files_read, loaded.skipped.len()), (1, 0));
}

#[test]
fn reading_can_be_watched_and_cancelled() {
    struct Watch {
        seen: AtomicUsize,
        stop_at: usize,
    }
    impl Progress for Watch {
        fn advance(&self, _done: usize, _total: usize) {
            self.seen.fetch_add(1, Ordering::Relaxed);
        }

        fn cancelled(&self) -> bool {
            self.seen.load(Ordering::Relaxed) >= self.stop_at
        }
    }
    let folder = tempfile::tempdir().unwrap();
    for i in 0..20 {
        let instance = format!("1.2.3.4.{i}");
        let image = Crafted::planar().with(0x0008_0018, b"UI", instance.as_bytes());
        fs::write(folder.path().join(instance), image.file()).unwrap();
    }
    let watch = Watch { seen: AtomicUsize::new(0), stop_at: usize::MAX };
    assert_eq!(survey(folder.path(), &watch).unwrap().files_read, 20);
    assert_eq!(watch.seen.into_inner(), 20);
    let stop = Watch { seen: AtomicUsize::new(0), stop_at: 3 };
    assert_eq!(survey(folder.path(), &stop).unwrap_err(), Error::Cancelled);
}

#[test]
fn the_order_of_files_and_threads_changes_nothing() {
    let listed = |names: [&str; 6]| {
        let folder = tempfile::tempdir().unwrap();
        for (i, name) in names.into_iter().enumerate() {
            let image = Crafted::planar()
                .with(0x0008_0018, b"UI", format!("1.2.3.4.{i}").as_bytes())
                .with(0x0020_0013, b"IS", format!("{i} ").as_bytes())
                .with(0x7FE0_0010, b"OW", &[i as u8; 12]);
            fs::write(folder.path().join(name), image.file()).unwrap();
        }
        let loaded = survey(folder.path(), &NoProgress).unwrap();
        series(&loaded).flat_map(|s| s.frames.iter().map(|f| f.values)).collect::<Vec<_>>()
    };
    let forwards = listed(["a", "b", "c", "d", "e", "f"]);
    assert_eq!(forwards, listed(["f", "b", "e", "a", "c", "d"]));
    assert_eq!(forwards.len(), 6);
}

#[test]
fn what_is_no_scan_is_listed_as_other_whatever_its_modality() {
    let colour = Crafted::planar()
        .with(0x0028_0002, b"US", &[3, 0])
        .with(0x0028_0004, b"CS", b"RGB ")
        .with(0x0028_0006, b"US", &[0, 0]);
    let colour = summary(&colour.file()).unwrap();
    assert_eq!((colour.kind, colour.values), (SeriesKind::Other, None));
    let report = Crafted::planar()
        .with(0x0008_0016, b"UI", b"1.2.840.10008.5.1.4.1.1.88.11\0")
        .without(0x7FE0_0010);
    let report = summary(&report.file()).unwrap();
    assert_eq!(report.kind, SeriesKind::Other);
    assert!(report.remarks.iter().any(|r| r.contains("Basic Text SR")));
    let scout = Crafted::planar()
        .with(0x0008_0008, b"CS", b"ORIGINAL\\PRIMARY\\LOCALIZER")
        .with(0x0008_0016, b"UI", b"1.2.840.10008.5.1.4.1.1.2\0")
        .with(0x0008_0060, b"CS", b"CT");
    assert_eq!(summary(&scout.file()).unwrap().kind, SeriesKind::Other);
}
