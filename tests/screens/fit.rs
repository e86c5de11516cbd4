//! Nothing overlaps and nothing is cut off, in every part of the window, at every size, in both
//! themes; and whatever can be worked has a name.

use std::fmt::Write;
use std::path::Path;

use eframe::egui::epaint::{ClippedShape, Shape};
use eframe::egui::{Key, Modifiers, Rect, pos2};
use egui_kittest::kittest::NodeT as _;

use crate::window::Window;

/// Size in points and physical pixels for each of them.
const SCREENS: [([f32; 2], f32); 3] =
    [([1280.0, 800.0], 1.0), ([1920.0, 1080.0], 1.0), ([2560.0, 1440.0], 1.5)];
const THEMES: [&str; 2] = ["reading_room", "day"];

/// A text as it was painted.
struct Text {
    words: String,
    rect: Rect,
    clip: Rect,
    elided: bool,
}

/// The texts of the topmost sheet: those of a dialog where one is open, else of the window.
fn texts(window: &Window) -> Vec<Text> {
    fn walk(shape: &Shape, clip: Rect, screen: Rect, found: &mut Vec<Text>) {
        match shape {
            Shape::Vec(shapes) => shapes.iter().for_each(|s| walk(s, clip, screen, found)),
            Shape::Text(text) => found.push(Text {
                words: text.galley.text().to_owned(),
                rect: text.galley.mesh_bounds.translate(text.pos.to_vec2()),
                clip,
                elided: text.galley.elided,
            }),
            // What lies behind a dialog's veil is not read.
            Shape::Rect(veil) if veil.rect.contains_rect(screen) && veil.fill.a() > 0 => {
                found.clear();
            }
            _ => {}
        }
    }
    let screen = window.harness.ctx.content_rect();
    let mut found = Vec::new();
    for ClippedShape { clip_rect, shape, .. } in &window.harness.output().shapes {
        walk(shape, *clip_rect, screen, &mut found);
    }
    found.retain(|text| !text.words.trim().is_empty() && text.clip.intersects(text.rect));
    found
}

/// What is wrong with the window as it is shown now.
fn faults(window: &Window, place: &str) -> String {
    let mut wrong = String::new();
    let texts = texts(window);
    assert!(!texts.is_empty(), "{place}: not a word");
    let unnamed = window.harness.unnamed_widgets();
    if !unnamed.is_empty() {
        writeln!(wrong, "{place}: no name for {}", unnamed.join(", ")).unwrap();
    }
    wrong + &misprints(&texts, place) + &collisions(window, place)
}

/// Texts that are cut off, shortened or printed over each other.
fn misprints(texts: &[Text], place: &str) -> String {
    let mut wrong = String::new();
    for text in texts {
        let Text { words, rect, clip, elided } = text;
        if rect.left() < clip.left() - 0.6 || rect.right() > clip.right() + 0.6 {
            writeln!(wrong, "{place}: {words:?} at {rect:?} is cut off by {clip:?}").unwrap();
        }
        // Paths and stories of any length may end in an ellipsis; a tooltip has the rest.
        if *elided && !words.contains(['/', '.', '(']) {
            writeln!(wrong, "{place}: {words:?} at {rect:?} is shortened").unwrap();
        }
    }
    for (index, a) in texts.iter().enumerate() {
        for b in &texts[index + 1..] {
            let both = a.rect.intersect(a.clip).intersect(b.rect.intersect(b.clip));
            // A halo is the same words a pixel further.
            let halo = a.words == b.words && (a.rect.center() - b.rect.center()).length() < 4.0;
            if !halo && both.width() > 1.0 && both.height() > 1.0 {
                let (a, at, b, there) = (&a.words, a.rect, &b.words, b.rect);
                writeln!(wrong, "{place}: {a:?} {at:?} lies over {b:?} {there:?}").unwrap();
            }
        }
    }
    wrong
}

/// Controls beside each other that share ground.
fn collisions(window: &Window, place: &str) -> String {
    use eframe::egui::accesskit::Role;
    let mut wrong = String::new();
    // Parent, name and place.
    let controls: Vec<(Option<String>, String, Rect)> = window
        .harness
        .root()
        .children_recursive()
        .filter(|node| {
            let roles = [
                Role::Button,
                Role::CheckBox,
                Role::ComboBox,
                Role::Link,
                Role::RadioButton,
                Role::Slider,
                Role::SpinButton,
                Role::TextInput,
                Role::MultilineTextInput,
            ];
            let node = node.accesskit_node();
            roles.contains(&node.role()) && !node.is_hidden()
        })
        .map(|node| {
            let parent = node.accesskit_node().parent().map(|p| format!("{:?}", p.id()));
            (parent, node.accesskit_node().label().unwrap_or_default(), node.rect())
        })
        .collect();
    for (index, (parent, a, at)) in controls.iter().enumerate() {
        for (other, b, there) in &controls[index + 1..] {
            let both = at.intersect(*there);
            if parent == other && both.width() > 1.0 && both.height() > 1.0 {
                writeln!(wrong, "{place}: {a:?} {at:?} collides with {b:?} {there:?}").unwrap();
            }
        }
    }
    wrong
}

/// For the eye: `BONESCOPE_LOOK=folder` keeps a picture of every place.
fn look(window: &mut Window, place: &str) {
    let Some(folder) = std::env::var_os("BONESCOPE_LOOK") else { return };
    window.harness.remove_cursor();
    window.harness.run();
    let picture = window.harness.render().unwrap();
    picture.save(Path::new(&folder).join(format!("{}.png", place.replace(' ', "-")))).unwrap();
}

/// The eye that looks for misprints sees them.
#[test]
fn misprints_are_found() {
    let text = |words: &str, x: f32, clip: f32| Text {
        words: words.into(),
        rect: Rect::from_min_max(pos2(x, 0.0), pos2(x + 40.0, 12.0)),
        clip: Rect::from_min_max(pos2(0.0, 0.0), pos2(clip, 100.0)),
        elided: false,
    };
    assert_eq!(misprints(&[text("one", 0.0, 200.0), text("two", 50.0, 200.0)], ""), "");
    assert_eq!(misprints(&[text("one", 0.0, 200.0), text("one", 1.0, 200.0)], ""), "", "a halo");
    let over = misprints(&[text("one", 0.0, 200.0), text("two", 30.0, 200.0)], "");
    assert!(over.contains("lies over"), "{over}");
    assert!(misprints(&[text("one", 20.0, 50.0)], "").contains("cut off"));
    let shortened = Text { elided: true, ..text("one", 0.0, 200.0) };
    assert!(misprints(&[shortened], "").contains("shortened"));
}

#[test]
fn everything_fits_everywhere() {
    let mut wrong = String::new();
    for (size, scale) in SCREENS {
        for theme in THEMES {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("preferences.toml");
            std::fs::write(&file, format!("[window]\ntheme = \"{theme}\"\n")).unwrap();
            let Some(mut window) = Window::remembering(size, scale, file) else { return };
            let width = size[0] * scale;
            walk(&mut window, |window, place| {
                let place = format!("{width} {theme} {place}");
                wrong += &faults(window, &place);
                look(window, &place);
            });
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Every page, panel and dialog.
fn walk(window: &mut Window, mut see: impl FnMut(&mut Window, &str)) {
    see(window, "start");
    window.try_a_case();
    see(window, "reading");
    window.press(Key::E);
    window.press_with(Modifiers::COMMAND, Key::ArrowRight);
    see(window, "crosshair");
    window.press(Key::Enter);
    see(window, "findings");
    window.click("Display");
    see(window, "display");
    window.click("Compare");
    see(window, "compare");
    window.press_with(Modifiers::COMMAND, Key::K);
    see(window, "palette");
    window.press(Key::Escape);
    window.press(Key::F1);
    see(window, "help");
    window.press(Key::Escape);
    window.press_with(Modifiers::COMMAND, Key::Comma);
    for name in ["General", "Display", "Keys"] {
        let tabs: Vec<_> = window.harness.root().children_recursive().collect();
        let label = |n: &egui_kittest::Node<'_>| n.accesskit_node().label();
        // The inspector has a tab of the same name: the dialog's is the last one.
        let tab = tabs.iter().rfind(|n| label(n).as_deref() == Some(name)).unwrap();
        tab.click();
        window.harness.run();
        see(window, &format!("preferences {name}"));
    }
    window.click("Change keys: Open file…");
    see(window, "new key");
    window.press(Key::M);
    see(window, "taken key");
    window.click("Cancel");
    window.press(Key::Escape);
    window.press_with(Modifiers::COMMAND, Key::E);
    see(window, "export");
    window.press(Key::Escape);
    window.close();
    see(window, "leaving");
    window.click("Stay");
    window.press(Key::P);
    window.wait("a page", |w| w.sees("Report page 1"));
    see(window, "report");
}
