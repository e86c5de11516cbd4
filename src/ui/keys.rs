//! The keyboard: hears chords before any widget does and turns them into the catalogue's commands.

use egui::{Event, Key as EguiKey, Modifiers};

use super::Page;
use crate::geometry::Point;
use crate::workbench::{
    Chord, Command, Key, Menu, Pointer, PointerEvent, Question, Steering, Workbench,
};

/// Chords with Ctrl that belong to a text field while one is typed in.
const TEXT_KEYS: &[char] = &['A', 'C', 'V', 'X', 'Y', 'Z'];

/// What the keys pressed since the last frame ask for. `canvases` are widgets that have no use for
/// keys of their own.
pub fn listen(
    ctx: &egui::Context,
    bench: &Workbench,
    page: Page,
    canvases: &[egui::Id],
    steering: &mut Steering,
    say: &mut Vec<Command>,
) {
    let typing = ctx.text_edit_focused();
    let focused = ctx.memory(|m| m.focused()).filter(|id| !canvases.contains(id));
    let mut heard = false;
    ctx.input_mut(|input| {
        input.events.retain(|event| {
            let Event::Key { key, pressed: true, modifiers, .. } = event else { return true };
            let Some(chord) = chord(*key, *modifiers) else { return true };
            if typing && !heard_while_typing(chord) {
                return true;
            }
            // Tab brought the reader to a button or a list: these keys are how one works it.
            if focused.is_some() && !chord.ctrl && works_a_widget(chord.key) {
                return true;
            }
            if page == Page::Read
                && let Some(commands) = steering.hear(chord, bench)
            {
                say.extend(commands);
                heard = true;
                return false;
            }
            match meaning(chord, bench, page) {
                Some(command) => {
                    say.push(command);
                    heard = true;
                    false
                }
                None => true,
            }
        });
    });
    // Whoever takes a tool by its key goes on with arrows and Enter on the picture.
    let takes = |c: &Command| matches!(c, Command::Tool(_) | Command::Ask(Question::NextHandle));
    if let (true, Some(id)) = (heard && say.iter().any(takes), focused) {
        ctx.memory_mut(|m| m.surrender_focus(id));
    }
    // A chord ends the typing, so that what was typed is in the findings before it is exported.
    if heard
        && typing
        && let Some(id) = focused
    {
        ctx.memory_mut(|m| m.surrender_focus(id));
    }
}

fn meaning(chord: Chord, bench: &Workbench, page: Page) -> Option<Command> {
    if chord.key == Key::Escape {
        return match page {
            Page::Read => escape(bench),
            Page::Report => Some(Command::Ask(Question::Report)),
        };
    }
    let action = bench.keymap().action(chord)?;
    // Nobody changes what they cannot see.
    let unseen = !matches!(action.menu, Menu::File | Menu::Help) && !action.id.starts_with("edit.");
    if page == Page::Report && unseen {
        return None;
    }
    action.resolve(bench)
}

/// Esc takes back the gesture under way, else lets go of the selection.
fn escape(bench: &Workbench) -> Option<Command> {
    if bench.gesturing() {
        let pane = bench.workspace()?.active;
        return Some(Command::Point(Pointer {
            pane,
            at: Point::origin(),
            event: PointerEvent::Cancel,
            shift: false,
            reach: 1.0,
            travel: [0.0, 0.0],
        }));
    }
    bench.selected().map(|_| Command::Select(None))
}

fn heard_while_typing(chord: Chord) -> bool {
    chord.ctrl
        && !matches!(chord.key, Key::Char(c) if TEXT_KEYS.contains(&c))
        && matches!(chord.key, Key::Char(_))
        || matches!(chord.key, Key::F(_))
}

fn works_a_widget(key: Key) -> bool {
    matches!(key, Key::Enter | Key::Space | Key::Up | Key::Down | Key::Left | Key::Right)
}

/// Shift is part of a chord only where it does not already make another sign: `?` is not
/// `Shift+/`, and digits need Shift on some keyboards.
pub fn chord(key: EguiKey, modifiers: Modifiers) -> Option<Chord> {
    let key = match key {
        EguiKey::Delete => Key::Delete,
        EguiKey::Backspace => Key::Backspace,
        EguiKey::Enter => Key::Enter,
        EguiKey::Escape => Key::Escape,
        EguiKey::Space => Key::Space,
        EguiKey::ArrowUp => Key::Up,
        EguiKey::ArrowDown => Key::Down,
        EguiKey::ArrowLeft => Key::Left,
        EguiKey::ArrowRight => Key::Right,
        EguiKey::Home => Key::Home,
        EguiKey::End => Key::End,
        EguiKey::PageUp => Key::PageUp,
        EguiKey::PageDown => Key::PageDown,
        EguiKey::Plus => Key::Char('+'),
        EguiKey::Minus => Key::Char('-'),
        EguiKey::Equals => Key::Char('='),
        EguiKey::Questionmark => Key::Char('?'),
        EguiKey::Comma => Key::Char(','),
        EguiKey::Period => Key::Char('.'),
        EguiKey::Semicolon => Key::Char(';'),
        EguiKey::Colon => Key::Char(':'),
        EguiKey::Slash => Key::Char('/'),
        EguiKey::Backslash => Key::Char('\\'),
        EguiKey::Pipe => Key::Char('|'),
        EguiKey::Quote => Key::Char('\''),
        EguiKey::Backtick => Key::Char('`'),
        EguiKey::OpenBracket => Key::Char('['),
        EguiKey::CloseBracket => Key::Char(']'),
        EguiKey::Exclamationmark => Key::Char('!'),
        other => {
            let name = other.name();
            let mut letters = name.chars();
            match (letters.next()?, letters.next()) {
                (letter, None) => Key::Char(letter.to_ascii_uppercase()),
                ('F', Some(_)) => Key::F(name[1..].parse().ok()?),
                _ => return None,
            }
        }
    };
    let shift = modifiers.shift && !matches!(key, Key::Char(c) if !c.is_ascii_alphabetic());
    Some(Chord { ctrl: modifiers.command || modifiers.ctrl, shift, alt: modifiers.alt, key })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbench::{Action, Bindings, Keymap, Preset};

    #[test]
    fn every_chord_of_the_catalogue_can_be_typed() {
        let typed: Vec<Chord> = EguiKey::ALL
            .iter()
            .flat_map(|key| {
                let one = [Modifiers::NONE, Modifiers::SHIFT, Modifiers::COMMAND, Modifiers::ALT];
                one.into_iter().flat_map(move |a| one.map(|b| a | b)).filter_map(|m| chord(*key, m))
            })
            .collect();
        for preset in Preset::ALL {
            let (map, _) = Keymap::new(preset, &Bindings::new());
            for action in Action::all() {
                for chord in map.chords(action.id) {
                    assert!(typed.contains(chord), "{chord} of {} cannot be typed", action.id);
                }
            }
        }
    }

    #[test]
    fn signs_need_no_shift_but_letters_tell() {
        let question = chord(EguiKey::Questionmark, Modifiers::SHIFT).unwrap();
        assert_eq!(Some(question), Chord::parse("?"));
        let mirror = chord(EguiKey::H, Modifiers::SHIFT).unwrap();
        assert_eq!(Some(mirror), Chord::parse("Shift+H"));
        let undo = chord(EguiKey::Z, Modifiers::COMMAND).unwrap();
        assert_eq!(Some(undo), Chord::parse("Ctrl+Z"));
    }
}
