//! Every colour, gap and font of the window: a dark reading room.

use std::sync::Arc;

use egui::{Color32, CornerRadius, FontFamily, FontId, Margin, Stroke, TextStyle, Vec2, vec2};

/// Behind images: always darker than the panels.
pub const SURROUND: Color32 = Color32::BLACK;
pub const PANEL: Color32 = Color32::from_rgb(0x16, 0x18, 0x1b);
/// Menu bar and toolbar, a shade below the panels.
pub const BAR: Color32 = Color32::from_rgb(0x10, 0x12, 0x14);
/// Cards, buttons and rows on a panel.
pub const RAISED: Color32 = Color32::from_rgb(0x20, 0x23, 0x27);
pub const HOVERED: Color32 = Color32::from_rgb(0x2a, 0x2e, 0x33);
/// Text fields.
pub const SUNKEN: Color32 = Color32::from_rgb(0x0d, 0x0e, 0x10);
pub const LINE: Color32 = Color32::from_rgb(0x2c, 0x30, 0x35);
pub const TEXT: Color32 = Color32::from_rgb(0xc9, 0xcd, 0xd2);
pub const WEAK: Color32 = Color32::from_rgb(0x8a, 0x90, 0x97);
/// Numbers and headings that should be seen first. Never pure white in a dark room.
pub const STRONG: Color32 = Color32::from_rgb(0xe6, 0xe8, 0xea);
/// Active, focused: amber keeps eyes adapted to the dark better than blue.
pub const ACCENT: Color32 = Color32::from_rgb(0xe8, 0xa3, 0x3d);
/// The accent as a background.
pub const ACCENT_DIM: Color32 = Color32::from_rgb(0x3d, 0x2f, 0x18);
/// A region and its twin, as on the images.
pub const REGION: Color32 = Color32::from_rgb(255, 176, 0);
/// As `report::ANNOTATION`.
pub const ANNOTATION: Color32 = Color32::from_rgb(240, 228, 66);
pub const TWIN: Color32 = Color32::from_rgb(120, 200, 255);
pub const OK: Color32 = Color32::from_rgb(0x00, 0x9e, 0x73);
pub const WARN: Color32 = Color32::from_rgb(0xe6, 0x9f, 0x00);
pub const ERROR: Color32 = Color32::from_rgb(0xe0, 0x6a, 0x2c);
/// A page of paper that may glare only when looked at.
pub const PAPER_DIMMED: Color32 = Color32::from_gray(150);

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

/// Dresses a context. Called once.
pub fn apply(ctx: &egui::Context) {
    ctx.set_theme(egui::Theme::Dark);
    ctx.set_fonts(fonts());
    ctx.all_styles_mut(style);
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

fn style(style: &mut egui::Style) {
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
    style.animation_time = 0.08;
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
    style.visuals = visuals();
}

fn visuals() -> egui::Visuals {
    let mut visuals = egui::Visuals::dark();
    visuals.panel_fill = PANEL;
    visuals.window_fill = RAISED;
    visuals.window_stroke = Stroke::new(1.0, LINE);
    visuals.extreme_bg_color = SUNKEN;
    visuals.faint_bg_color = Color32::from_rgb(0x1b, 0x1d, 0x21);
    visuals.code_bg_color = SUNKEN;
    visuals.hyperlink_color = ACCENT;
    visuals.warn_fg_color = WARN;
    visuals.error_fg_color = ERROR;
    visuals.weak_text_color = Some(WEAK);
    visuals.selection.bg_fill = ACCENT_DIM;
    visuals.selection.stroke = Stroke::new(1.0, ACCENT);
    visuals.text_cursor.stroke = Stroke::new(2.0, ACCENT);
    visuals.slider_trailing_fill = true;
    let corner = CornerRadius::same(4);
    visuals.window_corner_radius = CornerRadius::same(8);
    visuals.menu_corner_radius = CornerRadius::same(6);
    let widgets = &mut visuals.widgets;
    for (state, fill, line, text) in [
        (&mut widgets.noninteractive, PANEL, LINE, TEXT),
        (&mut widgets.inactive, HOVERED, Color32::TRANSPARENT, TEXT),
        (&mut widgets.hovered, Color32::from_rgb(0x35, 0x3a, 0x40), LINE, STRONG),
        (&mut widgets.active, ACCENT_DIM, ACCENT, STRONG),
        (&mut widgets.open, HOVERED, LINE, STRONG),
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
    egui::Frame::new().fill(RAISED).corner_radius(6).inner_margin(Margin::same(10))
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
        for ground in [PANEL, BAR, RAISED, SUNKEN] {
            assert!(contrast(TEXT, ground) >= 9.0);
            assert!(contrast(WEAK, ground) >= 4.5, "weak on {ground:?}");
            for color in [ACCENT, OK, WARN, ERROR, REGION, TWIN] {
                assert!(contrast(color, ground) >= 4.5, "{color:?} on {ground:?}");
            }
        }
        assert!(contrast(ACCENT, ACCENT_DIM) >= 4.5);
    }
}
