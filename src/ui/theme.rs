//! Every colour, gap and font of the window: a dark reading room, or a bright day.

use std::cell::Cell;
use std::ops::Deref;
use std::sync::Arc;

use egui::{Color32, CornerRadius, FontFamily, FontId, Margin, Stroke, TextStyle, Vec2, vec2};

use crate::workbench::ThemeName;

/// Every colour of a theme.
struct Palette {
    surround: Color32,
    panel: Color32,
    bar: Color32,
    raised: Color32,
    hovered: Color32,
    pressed: Color32,
    faint: Color32,
    /// Text fields.
    sunken: Color32,
    line: Color32,
    text: Color32,
    weak: Color32,
    strong: Color32,
    accent: Color32,
    accent_dim: Color32,
    region: Color32,
    twin: Color32,
    annotation: Color32,
    ok: Color32,
    warn: Color32,
    error: Color32,
    paper_dimmed: Color32,
}

const fn rgb(hex: u32) -> Color32 {
    Color32::from_rgb((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

static READING_ROOM: Palette = Palette {
    surround: Color32::BLACK,
    panel: rgb(0x16181b),
    bar: rgb(0x101214),
    raised: rgb(0x202327),
    hovered: rgb(0x2a2e33),
    pressed: rgb(0x353a40),
    faint: rgb(0x1b1d21),
    sunken: rgb(0x0d0e10),
    line: rgb(0x2c3035),
    text: rgb(0xc9cdd2),
    weak: rgb(0x9fa5ac),
    // Never pure white in a dark room.
    strong: rgb(0xe6e8ea),
    // Amber keeps eyes adapted to the dark better than blue.
    accent: rgb(0xe8a33d),
    accent_dim: rgb(0x3d2f18),
    region: rgb(0xffb000),
    twin: rgb(0x78c8ff),
    annotation: rgb(0xf0e442),
    ok: rgb(0x009e73),
    warn: rgb(0xe69f00),
    error: rgb(0xe06a2c),
    paper_dimmed: Color32::from_gray(150),
};

static DAY: Palette = Palette {
    surround: rgb(0x1a1a1a),
    panel: rgb(0xf2f3f5),
    bar: rgb(0xe7e9ec),
    raised: rgb(0xfafbfc),
    hovered: rgb(0xdde1e6),
    pressed: rgb(0xd3d8de),
    faint: rgb(0xeceef1),
    sunken: Color32::WHITE,
    line: rgb(0xc4c9cf),
    text: rgb(0x1b1d20),
    weak: rgb(0x50565d),
    strong: rgb(0x08090a),
    accent: rgb(0x8a5100),
    accent_dim: rgb(0xf6e7cf),
    region: rgb(0x845000),
    twin: rgb(0x0a5a9c),
    annotation: rgb(0x6b5c00),
    ok: rgb(0x00664a),
    warn: rgb(0x7f5200),
    error: rgb(0xa63f00),
    paper_dimmed: Color32::from_gray(235),
};

thread_local! {
    /// The theme of the window that this thread draws.
    static WORN: Cell<ThemeName> = const { Cell::new(ThemeName::ReadingRoom) };
}

fn palette(theme: ThemeName) -> &'static Palette {
    match theme {
        ThemeName::ReadingRoom => &READING_ROOM,
        ThemeName::Day => &DAY,
    }
}

/// A colour by its use: which one it is depends on the theme that is worn when it is asked for.
#[derive(Clone, Copy)]
pub struct Token(fn(&'static Palette) -> &'static Color32);

impl Token {
    pub fn color(self) -> Color32 {
        *self
    }
}

impl Deref for Token {
    type Target = Color32;

    fn deref(&self) -> &Color32 {
        (self.0)(palette(WORN.get()))
    }
}

impl From<Token> for Color32 {
    fn from(token: Token) -> Self {
        *token
    }
}

/// Behind images: always darker than the panels.
pub const SURROUND: Token = Token(|p| &p.surround);
pub const PANEL: Token = Token(|p| &p.panel);
/// Menu bar and toolbar, a shade off the panels.
pub const BAR: Token = Token(|p| &p.bar);
/// Cards, buttons and rows on a panel.
pub const RAISED: Token = Token(|p| &p.raised);
pub const HOVERED: Token = Token(|p| &p.hovered);
pub const LINE: Token = Token(|p| &p.line);
pub const TEXT: Token = Token(|p| &p.text);
pub const WEAK: Token = Token(|p| &p.weak);
/// Numbers and headings that should be seen first.
pub const STRONG: Token = Token(|p| &p.strong);
/// Active, focused.
pub const ACCENT: Token = Token(|p| &p.accent);
/// The accent as a background.
pub const ACCENT_DIM: Token = Token(|p| &p.accent_dim);
/// An annotation where it is named on panels; `report::ANNOTATION` is its colour on images.
pub const ANNOTATION: Token = Token(|p| &p.annotation);
/// A region and its twin where they are named on panels; on images `picture` has their colours.
pub const REGION: Token = Token(|p| &p.region);
pub const TWIN: Token = Token(|p| &p.twin);
pub const OK: Token = Token(|p| &p.ok);
pub const WARN: Token = Token(|p| &p.warn);
pub const ERROR: Token = Token(|p| &p.error);
/// A page of paper that may glare only when looked at.
pub const PAPER_DIMMED: Token = Token(|p| &p.paper_dimmed);

/// What is active or steered on an image: the same in every theme, for images are.
pub const ON_IMAGE: Color32 = rgb(0xffb000);
/// Between panes.
pub const PANE_LINE: Color32 = rgb(0x2c3035);

pub const GAP: f32 = 8.0;
pub const BAR_HEIGHT: f32 = 40.0;
pub const STATUS_HEIGHT: f32 = 26.0;
pub const STUDIES_WIDTH: f32 = 196.0;
pub const INSPECTOR_WIDTH: f32 = 456.0;
pub const ICON_BUTTON: Vec2 = vec2(32.0, 28.0);

/// The big number of a card.
pub fn large() -> TextStyle {
    TextStyle::Name("large".into())
}

/// Dresses a context in both themes. Called once.
pub fn apply(ctx: &egui::Context) {
    ctx.set_fonts(fonts());
    for theme in ThemeName::ALL {
        ctx.style_mut_of(base(theme), |dressed| style(dressed, theme));
    }
    wear(ctx, ThemeName::default());
}

/// Shows the window in a theme. Called before each frame: another window of this thread may wear
/// another.
pub fn wear(ctx: &egui::Context, theme: ThemeName) {
    WORN.set(theme);
    if ctx.theme() != base(theme) {
        ctx.set_theme(base(theme));
    }
}

/// No animation where the reader wants none.
pub fn reduce_motion(ctx: &egui::Context, reduce: bool) {
    let time = if reduce { 0.0 } else { ANIMATION };
    if ctx.global_style().animation_time != time {
        ctx.all_styles_mut(|style| {
            style.animation_time = time;
            style.scroll_animation = match reduce {
                true => egui::style::ScrollAnimation::none(),
                false => egui::style::ScrollAnimation::default(),
            };
        });
    }
}

/// The theme of egui that ours is laid over.
fn base(theme: ThemeName) -> egui::Theme {
    match theme {
        ThemeName::ReadingRoom => egui::Theme::Dark,
        ThemeName::Day => egui::Theme::Light,
    }
}

fn fonts() -> egui::FontDefinitions {
    let mut fonts = egui::FontDefinitions::default();
    let files: [(&str, &'static [u8]); 4] = [
        ("noto-sans", include_bytes!("../../assets/fonts/NotoSans-Regular.ttf")),
        ("noto-sans-bold", include_bytes!("../../assets/fonts/NotoSans-Bold.ttf")),
        ("noto-sans-math", include_bytes!("../../assets/fonts/NotoSansMath-subset.ttf")),
        ("noto-sans-sc", include_bytes!("../../assets/fonts/NotoSansSC-subset.otf")),
    ];
    for (name, bytes) in files {
        fonts.font_data.insert(name.into(), Arc::new(egui::FontData::from_static(bytes)));
    }
    // Reading text first, egui's symbols behind it, then the characters names are written in.
    let proportional = fonts.families.entry(FontFamily::Proportional).or_default();
    proportional.insert(0, "noto-sans".into());
    proportional.extend(["noto-sans-math".into(), "noto-sans-sc".into()]);
    let mut bold = proportional.clone();
    bold.insert(0, "noto-sans-bold".into());
    fonts.families.insert(strong_family(), bold);
    fonts.families.entry(FontFamily::Monospace).or_default().push("noto-sans-sc".into());
    fonts
}

fn strong_family() -> FontFamily {
    FontFamily::Name("strong".into())
}

/// Longer would keep a reader waiting.
const ANIMATION: f32 = 0.08;

fn style(style: &mut egui::Style, theme: ThemeName) {
    let plain = |size| FontId::new(size, FontFamily::Proportional);
    style.text_styles = [
        (TextStyle::Small, plain(11.5)),
        (TextStyle::Body, plain(13.5)),
        (TextStyle::Button, plain(13.5)),
        (TextStyle::Monospace, FontId::new(12.5, FontFamily::Monospace)),
        (TextStyle::Heading, FontId::new(15.0, strong_family())),
        (large(), FontId::new(24.0, strong_family())),
    ]
    .into();
    style.animation_time = ANIMATION;
    // A click on a word in a row means the row.
    style.interaction.selectable_labels = false;
    style.interaction.tooltip_delay = 0.3;
    let spacing = &mut style.spacing;
    spacing.item_spacing = vec2(GAP, 6.0);
    spacing.button_padding = vec2(9.0, 4.0);
    spacing.interact_size = vec2(40.0, 26.0);
    spacing.menu_margin = Margin::same(6);
    spacing.window_margin = Margin::same(16);
    spacing.icon_width = 16.0;
    spacing.combo_width = 120.0;
    style.visuals = visuals(theme);
}

fn visuals(theme: ThemeName) -> egui::Visuals {
    let colors = palette(theme);
    let mut visuals = match theme {
        ThemeName::ReadingRoom => egui::Visuals::dark(),
        ThemeName::Day => egui::Visuals::light(),
    };
    visuals.panel_fill = colors.panel;
    visuals.window_fill = colors.raised;
    visuals.window_stroke = Stroke::new(1.0, colors.line);
    visuals.extreme_bg_color = colors.sunken;
    visuals.faint_bg_color = colors.faint;
    visuals.code_bg_color = colors.sunken;
    visuals.hyperlink_color = colors.accent;
    visuals.warn_fg_color = colors.warn;
    visuals.error_fg_color = colors.error;
    visuals.weak_text_color = Some(colors.weak);
    visuals.selection.bg_fill = colors.accent_dim;
    visuals.selection.stroke = Stroke::new(1.0, colors.accent);
    visuals.text_cursor.stroke = Stroke::new(2.0, colors.accent);
    visuals.slider_trailing_fill = true;
    let corner = CornerRadius::same(4);
    visuals.window_corner_radius = CornerRadius::same(8);
    visuals.menu_corner_radius = CornerRadius::same(6);
    let Palette { panel, hovered, pressed, accent_dim, line, text, strong, accent, .. } = *colors;
    let widgets = &mut visuals.widgets;
    for (state, fill, line, text) in [
        (&mut widgets.noninteractive, panel, line, text),
        (&mut widgets.inactive, hovered, Color32::TRANSPARENT, text),
        (&mut widgets.hovered, pressed, line, strong),
        (&mut widgets.active, accent_dim, accent, strong),
        (&mut widgets.open, hovered, line, strong),
    ] {
        state.weak_bg_fill = fill;
        state.bg_fill = fill;
        state.bg_stroke = Stroke::new(1.0, line);
        state.fg_stroke = Stroke::new(1.0, text);
        state.corner_radius = corner;
        state.expansion = 0.0;
    }
    visuals
}

/// What interrupts.
pub fn dialog(ctx: &egui::Context) -> egui::Frame {
    egui::Frame::popup(&ctx.global_style()).inner_margin(Margin::same(18))
}

/// A box on a panel that holds what belongs together.
pub fn card() -> egui::Frame {
    egui::Frame::new().fill(*RAISED).corner_radius(6).inner_margin(Margin::same(10))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance (WCAG 2.2).
    fn luminance(color: Color32) -> f64 {
        let linear = |v: u8| {
            let v = f64::from(v) / 255.0;
            if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(color.r()) + 0.7152 * linear(color.g()) + 0.0722 * linear(color.b())
    }

    fn contrast(a: Color32, b: Color32) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn words_can_be_read_on_every_ground() {
        for theme in ThemeName::ALL {
            let p = palette(theme);
            let grounds = [p.panel, p.bar, p.raised, p.sunken, p.faint];
            for ground in grounds {
                assert!(contrast(p.text, ground) >= 9.0, "{theme:?}");
                for ink in [p.ok, p.warn, p.error, p.region, p.twin, p.annotation] {
                    let found = contrast(ink, ground);
                    assert!(found >= 4.5, "{theme:?}: {ink:?} on {ground:?} is {found:.2}");
                }
            }
            for ground in grounds.into_iter().chain([p.hovered, p.pressed, p.accent_dim]) {
                for ink in [p.text, p.weak, p.strong, p.accent] {
                    let found = contrast(ink, ground);
                    assert!(found >= 4.49, "{theme:?}: {ink:?} on {ground:?} is {found:.2}");
                }
            }
        }
    }

    #[test]
    fn images_stand_on_the_darkest_ground() {
        for theme in ThemeName::ALL {
            let p = palette(theme);
            for ground in [p.panel, p.bar, p.raised, p.hovered, p.sunken, p.faint] {
                assert!(luminance(p.surround) < luminance(ground), "{theme:?}");
            }
        }
    }

    #[test]
    fn a_token_is_what_the_worn_theme_says() {
        let ctx = egui::Context::default();
        apply(&ctx);
        assert_eq!(TEXT.color(), READING_ROOM.text);
        wear(&ctx, ThemeName::Day);
        assert_eq!(Color32::from(TEXT), DAY.text);
        wear(&ctx, ThemeName::ReadingRoom);
        assert_eq!(*TEXT, READING_ROOM.text);
    }
}
