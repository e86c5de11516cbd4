//! SOP classes by name: what an object is, when it is not one of those we measure.

/// Names (PS3.4 B.5) by what follows `1.2.840.10008.5.1.4.1.1.`.
const NAMES: [(&str, &str); 78] = [
    ("1", "Computed Radiography Image"),
    ("1.1", "Digital X-Ray Image"),
    ("1.1.1", "Digital X-Ray Image"),
    ("1.2", "Digital Mammography X-Ray Image"),
    ("1.2.1", "Digital Mammography X-Ray Image"),
    ("1.3", "Digital Intra-Oral X-Ray Image"),
    ("2", "CT Image"),
    ("2.1", "Enhanced CT Image"),
    ("2.2", "Legacy Converted Enhanced CT Image"),
    ("3.1", "Ultrasound Multi-frame Image"),
    ("4", "MR Image"),
    ("4.1", "Enhanced MR Image"),
    ("4.2", "MR Spectroscopy"),
    ("4.3", "Enhanced MR Color Image"),
    ("4.4", "Legacy Converted Enhanced MR Image"),
    ("5", "Nuclear Medicine Image (retired class)"),
    ("6.1", "Ultrasound Image"),
    ("6.2", "Enhanced US Volume Image"),
    ("7", "Secondary Capture Image"),
    ("7.1", "Multi-frame Single Bit Secondary Capture Image"),
    ("7.2", "Multi-frame Grayscale Byte Secondary Capture Image"),
    ("7.3", "Multi-frame Grayscale Word Secondary Capture Image"),
    ("7.4", "Multi-frame True Color Secondary Capture Image"),
    ("9.1.1", "12-lead ECG Waveform"),
    ("9.1.2", "General ECG Waveform"),
    ("9.4.1", "Basic Voice Audio Waveform"),
    ("11.1", "Grayscale Softcopy Presentation State"),
    ("11.2", "Color Softcopy Presentation State"),
    ("11.3", "Pseudo-Color Softcopy Presentation State"),
    ("11.4", "Blending Softcopy Presentation State"),
    ("12.1", "X-Ray Angiographic Image"),
    ("12.1.1", "Enhanced XA Image"),
    ("12.2", "X-Ray Radiofluoroscopic Image"),
    ("13.1.1", "X-Ray 3D Angiographic Image"),
    ("13.1.3", "Breast Tomosynthesis Image"),
    ("20", "Nuclear Medicine Image"),
    ("30", "Parametric Map"),
    ("66", "Raw Data"),
    ("66.1", "Spatial Registration"),
    ("66.2", "Spatial Fiducials"),
    ("66.3", "Deformable Spatial Registration"),
    ("66.4", "Segmentation"),
    ("66.5", "Surface Segmentation"),
    ("67", "Real World Value Mapping"),
    ("77.1.1", "VL Endoscopic Image"),
    ("77.1.2", "VL Microscopic Image"),
    ("77.1.4", "VL Photographic Image"),
    ("77.1.5.1", "Ophthalmic Photography 8 Bit Image"),
    ("77.1.6", "VL Whole Slide Microscopy Image"),
    ("88.11", "Basic Text SR"),
    ("88.22", "Enhanced SR"),
    ("88.33", "Comprehensive SR"),
    ("88.34", "Comprehensive 3D SR"),
    ("88.35", "Extensible SR"),
    ("88.40", "Procedure Log"),
    ("88.50", "Mammography CAD SR"),
    ("88.59", "Key Object Selection Document"),
    ("88.67", "X-Ray Radiation Dose SR"),
    ("88.68", "Radiopharmaceutical Radiation Dose SR"),
    ("90.1", "Content Assessment Results"),
    ("104.1", "Encapsulated PDF"),
    ("104.2", "Encapsulated CDA"),
    ("104.3", "Encapsulated STL"),
    ("128", "Positron Emission Tomography Image"),
    ("128.1", "Legacy Converted Enhanced PET Image"),
    ("130", "Enhanced PET Image"),
    ("131", "Basic Structured Display"),
    ("481.1", "RT Image"),
    ("481.2", "RT Dose"),
    ("481.3", "RT Structure Set"),
    ("481.4", "RT Beams Treatment Record"),
    ("481.5", "RT Plan"),
    ("481.6", "RT Brachy Treatment Record"),
    ("481.7", "RT Treatment Summary Record"),
    ("481.8", "RT Ion Plan"),
    ("481.9", "RT Ion Beams Treatment Record"),
    ("200.1", "CT Defined Procedure Protocol"),
    ("201.1", "Instance Approval"),
];

/// `Basic Text SR`, or the class's own UID where no name is known.
pub(super) fn name(class: &str) -> String {
    if class == "1.2.840.10008.5.1.4.39.1" {
        return "Color Palette".into();
    }
    let tail = class.strip_prefix("1.2.840.10008.5.1.4.1.1.");
    NAMES
        .iter()
        .find(|(number, _)| tail == Some(number))
        .map_or_else(|| format!("an object of the class {class}"), |(_, name)| (*name).to_owned())
}

/// Whether every object of the class has pixel data.
pub(super) fn is_image(class: &str) -> bool {
    let named = name(class);
    named.contains("Image") || matches!(&*named, "Segmentation" | "Parametric Map")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_say_what_they_are() {
        assert_eq!(name("1.2.840.10008.5.1.4.1.1.88.11"), "Basic Text SR");
        assert!(is_image("1.2.840.10008.5.1.4.1.1.20"));
        assert!(!is_image("1.2.840.10008.5.1.4.1.1.481.3"));
        assert!(!is_image("1.3.46.670589.5.0.1.1"));
        assert!(name("1.2.3").contains("1.2.3"));
    }
}
