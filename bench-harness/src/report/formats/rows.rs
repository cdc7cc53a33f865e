//! Plain rows of text under heads, in each shape: what `list` and `doctor` find.

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::report::markdown::escape;
use crate::report::text::clean;

/// Rows of text, as many cells in each as there are heads; an empty one is something that does not exist.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rows {
    heads: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

impl Rows {
    /// No rows yet.
    pub fn new(heads: &[&'static str]) -> Self {
        Self { heads: heads.to_vec(), rows: Vec::new() }
    }

    /// Adds a row; what it lacks at its end is empty.
    pub fn push(&mut self, cells: impl IntoIterator<Item = String>) {
        let mut row: Vec<String> = cells.into_iter().take(self.heads.len()).collect();
        row.resize(self.heads.len(), String::new());
        self.rows.push(row);
    }

    /// Comma-separated, the heads first.
    pub fn csv(&self) -> String {
        let mut writer = csv::Writer::from_writer(Vec::new());
        // To memory, and all rows are as long as the heads: nothing can fail.
        let _ = writer.write_record(&self.heads);
        for row in &self.rows {
            let _ = writer.write_record(row);
        }
        String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
    }

    /// An array of objects, whose keys are the heads; what does not exist is `null`.
    pub fn json(&self) -> String {
        let objects: Vec<Object<'_>> =
            self.rows.iter().map(|row| Object { heads: &self.heads, row }).collect();
        let mut text = serde_json::to_string_pretty(&objects).unwrap_or_default();
        text.push('\n');
        text
    }

    /// A table in GitHub's Markdown.
    pub fn markdown(&self) -> String {
        let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
        let heads: Vec<String> = self.heads.iter().map(|head| escape(head)).collect();
        let mut text = line(&heads);
        text += &"|---".repeat(heads.len());
        text += "|\n";
        for row in &self.rows {
            let cell =
                |cell: &String| if cell.is_empty() { String::new() } else { escape(&clean(cell)) };
            text += &line(&row.iter().map(cell).collect::<Vec<_>>());
        }
        text
    }
}

/// A row with its heads, in their order.
struct Object<'a> {
    heads: &'a [&'static str],
    row: &'a [String],
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.heads.len()))?;
        for (head, cell) in self.heads.iter().zip(self.row) {
            map.serialize_entry(head, &(!cell.is_empty()).then_some(cell))?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_rows_in_every_shape() {
        let mut rows = Rows::new(&["name", "what", "more"]);
        rows.push(["a,\"b\"".to_owned(), "x|y\nz".to_owned()]);
        assert_eq!(rows.csv(), "name,what,more\n\"a,\"\"b\"\"\",\"x|y\nz\",\n");
        assert_eq!(
            rows.json(),
            "[\n  {\n    \"name\": \"a,\\\"b\\\"\",\n    \"what\": \"x|y\\nz\",\n    \"more\": null\n  }\n]\n"
        );
        assert_eq!(
            rows.markdown(),
            "| name | what | more |\n|---|---|---|\n| a,\"b\" | x\\|y\u{FFFD}z |  |\n"
        );
    }
}
