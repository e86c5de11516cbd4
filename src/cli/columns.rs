//! Tables for a terminal: columns as wide as their widest entry.

/// Rows of cells, aligned left or right by column.
pub struct Columns {
    right: Vec<bool>,
    rows: Vec<Vec<String>>,
}

impl Columns {
    /// `heads` name the columns; one that begins with `>` is aligned right.
    pub fn new(heads: &[&str]) -> Self {
        let right = heads.iter().map(|h| h.starts_with('>')).collect();
        let first = heads.iter().map(|h| h.trim_start_matches('>').to_owned()).collect();
        Self { right, rows: vec![first] }
    }

    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }
}

impl std::fmt::Display for Columns {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let width = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..self.right.len()).map(width).collect();
        for row in &self.rows {
            let cells = row.iter().zip(&widths).zip(&self.right);
            let line: Vec<String> = cells
                .map(|((cell, &width), &right)| match right {
                    true => format!("{cell:>width$}"),
                    false => format!("{cell:<width$}"),
                })
                .collect();
            writeln!(f, "{}", line.join("  ").trim_end())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_under_each_other() {
        let mut table = Columns::new(&["Name", ">Counts"]);
        table.row(["L1".into(), "7".into()]);
        table.row(["left ilium".into(), "12345".into()]);
        assert_eq!(
            table.to_string(),
            "Name        Counts\nL1               7\nleft ilium   12345\n"
        );
    }
}
