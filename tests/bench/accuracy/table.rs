//! Figures and their targets, printed.

#[derive(Clone)]
pub struct Row {
    pub figure: String,
    pub value: f64,
    pub unit: &'static str,
    pub target: Target,
}

#[derive(Clone, Copy)]
pub enum Target {
    AtMost(f64),
    AtLeast(f64),
    /// Lowest and highest.
    Within(f64, f64),
    /// Told for the record.
    None,
}

impl Row {
    pub fn new(figure: impl Into<String>, value: f64, unit: &'static str, target: Target) -> Self {
        Self { figure: figure.into(), value, unit, target }
    }

    pub fn met(&self) -> bool {
        match self.target {
            Target::AtMost(most) => self.value <= most,
            Target::AtLeast(least) => self.value >= least,
            Target::Within(low, high) => (low..=high).contains(&self.value),
            Target::None => true,
        }
    }
}

/// A table in Markdown, as README shows it.
pub fn print(title: &str, rows: &[Row]) {
    println!("| {title} | measured | target | |\n| --- | --: | --: | --- |");
    for row in rows {
        let target = match row.target {
            Target::AtMost(most) => format!("≤ {most} {}", row.unit),
            Target::AtLeast(least) => format!("≥ {least} {}", row.unit),
            Target::Within(low, high) => format!("{low} to {high} {}", row.unit),
            Target::None => String::new(),
        };
        let said = match row.target {
            Target::None => "",
            _ if row.met() => "met",
            _ => "not met",
        };
        println!("| {} | {:.3} {} | {} | {said} |", row.figure, row.value, row.unit, target.trim());
    }
    println!();
}

/// The value below which a part of the sorted values lies.
pub fn quantile(values: &mut [f64], part: f64) -> f64 {
    if values.is_empty() {
        return f64::NAN;
    }
    values.sort_by(f64::total_cmp);
    let at = part * (values.len() - 1) as f64;
    let (low, high) = (at.floor() as usize, at.ceil() as usize);
    values[low] + (at - at.floor()) * (values[high] - values[low])
}
