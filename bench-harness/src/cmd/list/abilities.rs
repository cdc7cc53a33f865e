//! The second table of `list backends`: what each can do, as the registry finds it.

use comfy_table::{ContentArrangement, Table, presets};

use crate::registry::{Abilities, Entry, Holds};

/// What the cells of a [`row`] are, as names of columns.
pub(super) const COLUMNS: [&str; 7] =
    ["plug", "unplug", "split", "handles", "finds_handle", "segments", "crate"];

/// What the columns mean, below the table.
const MEANING: [&str; 5] = [
    "plug, unplug (whole segments, and their ends) and split (unplug from the",
    "middle): after boot. handles: whether one goes on naming its segment while",
    "others come and go. `handle`: whether it answers that target. segments: how",
    "many it holds; limited means by --array-capacity. last-hit:NAME, NAME@final and",
    "NAME@replay can do what NAME can.",
];

/// The table, and what its columns mean.
pub(super) fn of(entries: &[Entry]) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic).set_width(80);
    table.add_row(["", "plug", "unplug", "split", "handles", "`handle`", "segments", "crate"]);
    for entry in entries {
        table.add_row(row(entry));
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 1));
    }
    let rows = table.lines().map(|line| format!("   {}\n", line.trim_end()));
    rows.chain(MEANING.map(|line| format!("{line}\n"))).collect()
}

/// The cells of a backend, its name first and its crate last.
pub(super) fn row(entry: &Entry) -> [String; 8] {
    let of_crate = entry.of_crate().unwrap_or("-");
    let [plug, unplug, split, handles, target, segments] =
        entry.abilities().map_or(["unknown"; 6], cells);
    [entry.name, plug, unplug, split, handles, target, segments, of_crate].map(str::to_owned)
}

fn cells(able: Abilities) -> [&'static str; 6] {
    let yes = |able: bool| if able { "yes" } else { "-" };
    let handles = match able.keeps_handles {
        None => "-",
        Some(true) => "stay",
        Some(false) => "shift",
    };
    let segments = match able.holds {
        Holds::One => "1",
        Holds::Limited => "limited",
        Holds::Any => "any",
    };
    [
        yes(able.plugs),
        yes(able.unplugs),
        yes(able.splits),
        handles,
        yes(able.finds_handles),
        segments,
    ]
}

#[cfg(test)]
mod tests {
    use super::of;
    use crate::registry::ENTRIES;

    #[test]
    fn every_backend_has_a_row_that_fits() {
        let text = of(ENTRIES);
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
        let row = |name: &str| -> Vec<&str> {
            let rows = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
            let mut of_it = rows.filter(|row| row.first() == Some(&name) && row.len() == 8);
            of_it.next().unwrap_or_else(|| panic!("{name} in\n{text}"))
        };
        for entry in ENTRIES {
            row(entry.name);
        }
        assert_eq!(row("array")[1..], ["-", "yes", "-", "shift", "yes", "limited", "-"]);
        assert_eq!(row("section")[1..], ["yes", "yes", "yes", "stay", "yes", "any", "-"]);
        assert_eq!(row("dense")[1..], ["-", "yes", "-", "-", "yes", "1", "-"]);
        assert_eq!(row("oracle")[1..], ["-", "-", "-", "-", "yes", "any", "-"]);
        #[cfg(feature = "rangemap")]
        assert_eq!(row("rangemap")[7], "rangemap");
    }
}
