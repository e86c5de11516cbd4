//! The bundled fonts, so that a picture reads the same on every machine. Licence: SIL OFL 1.1,
//! `assets/fonts/OFL.txt`.

/// Font files in the order in which a glyph is looked for.
pub fn fonts() -> &'static [&'static [u8]] {
    &[
        include_bytes!("../../assets/fonts/NotoSans-Regular.ttf"),
        // Arrows and mathematical operators.
        include_bytes!("../../assets/fonts/NotoSansMath-subset.ttf"),
        // The characters that names are written in.
        include_bytes!("../../assets/fonts/NotoSansSC-subset.otf"),
    ]
}
