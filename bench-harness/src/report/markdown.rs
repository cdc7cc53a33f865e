//! GitHub's Markdown: tables, lists, pictures and code in it, with every name made harmless.
//!
//! Shared by the pages of this module; what a page says is theirs.

use super::figure::Figure;
use super::table::Table;
use super::terminal::is_name;
use super::text::clean;

/// Tables under a heading; nothing without tables.
pub(super) fn section(title: &str, tables: &[Table]) -> String {
    if tables.is_empty() {
        return String::new();
    }
    let tables: String = tables.iter().map(shaped).collect();
    format!("\n## {title}\n{tables}")
}

/// A table under its title, its remarks below.
pub(super) fn shaped(table: &Table) -> String {
    let mut text = format!("\n### {}\n\n", escape(&table.title));
    let line = |cells: &[String]| {
        let cells: Vec<String> =
            cells.iter().map(|cell| escape(&cell.replace('\n', ", "))).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    text += &line(&table.heads);
    for index in 0..table.heads.len() {
        text += if is_name(table, index) { "|:---" } else { "|---:" };
    }
    text += "|\n";
    for row in &table.rows {
        text += &line(row);
    }
    for note in &table.notes {
        text += &format!("\n{}\n", escape(note));
    }
    text
}

/// A list.
pub(super) fn bullets<'l>(lines: impl IntoIterator<Item = &'l String>) -> String {
    let mut text = String::new();
    for line in lines {
        text += &format!("- {}\n", escape(&clean(line)));
    }
    text
}

/// A numbered list of paragraphs that are Markdown already.
pub(super) fn numbered(paragraphs: &[&str]) -> String {
    let mut text = String::new();
    for (paragraph, number) in paragraphs.iter().zip(1..) {
        text += &format!("{number}. {paragraph}\n");
    }
    text
}

/// Figures, each with its title for those who cannot see it, and its numbers: `source` says which rows of the run
/// they are.
pub(super) fn pictures(figures: &[Figure], source: impl Fn(&Figure) -> Option<String>) -> String {
    let mut text = String::new();
    for figure in figures {
        text += &format!("\n![{}]({})\n", escape(&figure.title), figure.file);
        if let Some(file) = figure.data_file() {
            text += &format!("\nData: [{}]({file})", escape(&file));
            text +=
                &source(figure).map_or(String::new(), |source| format!(", {}", escape(&source)));
            text += ".\n";
        }
    }
    text
}

/// `text` so that Markdown shows it as it is, in a paragraph, a heading, a link or a table cell.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '|' | '~' | '!' | '$' => {
                escaped.push('\\');
                escaped.push(c);
            }
            _ => escaped.push(c),
        }
    }
    escaped
}

/// A code block whose fence is longer than any run of backticks inside it.
pub(super) fn fenced(code: &str) -> String {
    let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}sh\n{code}\n{fence}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_break_out_of_the_page() {
        assert_eq!(escape("a|b`c<d>&e[f](g)"), "a\\|b\\`c&lt;d&gt;&amp;e\\[f\\](g)");
        assert!(fenced("a```b").starts_with("````sh\n"));
    }
}
