//! What differs between two pieces of text, line by line: enough to see what a block should be.

/// Most lines shown of either side.
const MOST: usize = 12;

/// The lines from the first that differs to the last, as `diff -u` marks them, below a line that says where;
/// `first` is the number of the first line of `old` in its file. Nothing where both are alike.
pub(super) fn between(old: &str, new: &str, first: usize) -> Option<String> {
    if old == new {
        return None;
    }
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let rest = (&old[head..], &new[head..]);
    let tail = rest.0.iter().rev().zip(rest.1.iter().rev()).take_while(|(a, b)| a == b).count();
    let (old, new) = (&old[head..old.len() - tail], &new[head..new.len() - tail]);
    let mut text = format!("@@ line {} @@\n", first + head);
    for (mark, lines) in [("-", old), ("+", new)] {
        for line in lines.iter().take(MOST) {
            text.extend([mark, line, "\n"]);
        }
        if lines.len() > MOST {
            let more = (lines.len() - MOST).to_string();
            text.extend([mark, "... ", &more, " lines more\n"]);
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::between;

    #[test]
    fn only_what_differs_is_shown_with_its_line() {
        assert_eq!(between("a\nb\n", "a\nb\n", 5), None);
        let said = between("a\nb\nc\n", "a\nx\ny\nc\n", 5).expect("different");
        assert_eq!(said, "@@ line 6 @@\n-b\n+x\n+y\n");
        assert_eq!(between("", "x\n", 2).expect("different"), "@@ line 2 @@\n+x\n");
        let long = "l\n".repeat(40);
        let said = between("", &long, 1).expect("different");
        assert!(said.ends_with("+... 28 lines more\n"), "{said}");
    }

    #[test]
    fn line_ends_alone_are_a_difference_too() {
        assert_eq!(between("a", "a\n", 1).expect("different"), "@@ line 2 @@\n");
    }
}
