//! What a page lookup of `section` leaves out, and what it costs with that.
//!
//! The others find a segment and take the page from it. `section` has a map that gives the page alone;
//! its factor for pages is none for finding segments, and a reader who takes it for one is misled. So
//! where the sentences name it, the factor for handles stands beside.

use super::FEW_LAYOUTS;
use super::told::{Against, Told};
use crate::report::conditions::reference;
use crate::report::field::{Field, Member, fields_by_distance, unvaried};
use crate::report::text::clean;
use crate::report::view::View;

/// The backend whose pages come without a segment.
const SECTION: &str = "section";

/// The sentence; none where `lines` do not name the backend, or no pages were asked for.
pub(super) fn sentence(view: &View<'_>, lines: &[String]) -> Option<String> {
    let reference = reference(view)?;
    let fields = fields_by_distance(view);
    let measured = |field: &Field<'_, '_>, name: &str| {
        field.members.iter().any(|member| member.measured(name).is_some())
    };
    let said = |name: &&&str| unvaried(name) == SECTION && lines.iter().any(|line| has(line, name));
    let mut pages = fields.iter().filter(|field| field.setting.target == "page");
    let (page, name) = pages.find_map(|field| {
        let mut names = view.backends.iter().filter(said);
        Some((field, *names.find(|name| measured(field, name))?))
    })?;
    // Asked in the same way if that was done, else in another.
    let alike = |field: &Field<'_, '_>| {
        let (own, other) = (page.setting, field.setting);
        (own.workload, own.mode, own.rng) == (other.workload, other.mode, other.rng)
    };
    let handles = fields.iter().filter(|field| field.setting.target == "handle");
    let handles = handles.filter(|field| measured(field, name)).min_by_key(|field| !alike(field));
    let with_segment = match handles {
        Some(field) => {
            let reference = clean(reference);
            let factors = factors(field, name, &reference);
            factors.map(|factors| {
                format!("with the segment ({}) it is {factors}", field.setting.short())
            })
        }
        None => Some("--target handle measures it with the segment".to_owned()),
    };
    let with_segment = with_segment.map_or_else(String::new, |words| format!("; {words}"));
    Some(format!(
        "{} answers page from its map of frames, mostly by a bias, without naming a segment and past its \
         ordered index{with_segment}.",
        clean(name)
    ))
}

/// The factors of a backend on the layouts of a field; none where it was not compared.
fn factors(field: &Field<'_, '_>, name: &str, reference: &str) -> Option<String> {
    let on =
        |member: &Member<'_, '_>| Some((clean(member.group.layout), Against::of(member, name)?));
    let all: Vec<(String, Against)> = field.members.iter().filter_map(on).collect();
    let mut clauses = Vec::new();
    for told in [Told::Apart, Told::Equivalent, Told::Not] {
        let mut those: Vec<_> = all.iter().filter(|(_, against)| against.told == told).collect();
        if those.len() > FEW_LAYOUTS {
            those.sort_by(|(_, a), (_, b)| a.factor.value.total_cmp(&b.factor.value));
            if let [(least_on, least), .., (most_on, most)] = those.as_slice() {
                let what = match told {
                    Told::Apart => format!("as fast as {reference} times"),
                    Told::Equivalent => format!("equivalent to {reference},"),
                    Told::Not => format!("not told from {reference},"),
                };
                clauses.push(format!(
                    "{what} {} ({least_on}) to {} ({most_on}) on {} layouts",
                    least.bare(),
                    most.bare(),
                    those.len()
                ));
            }
        } else {
            let words = those.iter().enumerate();
            clauses.extend(words.map(|(index, (layout, against))| {
                against.on(layout, Some(reference).filter(|_| index == 0))
            }));
        }
    }
    (!clauses.is_empty()).then(|| clauses.join(", "))
}

/// Whether a sentence has a name as a word.
fn has(line: &str, name: &str) -> bool {
    let inside = |c: char| c.is_alphanumeric() || "-:@_".contains(c);
    line.match_indices(name).any(|(at, _)| {
        let (before, after) = (&line[..at], &line[at + name.len()..]);
        // What ends a clause is no part of a name.
        let after = after.strip_prefix(':').filter(|rest| rest.starts_with(' ')).unwrap_or(after);
        !before.ends_with(inside) && !after.starts_with(inside)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_as_a_word() {
        for line in
            ["section is", "against section: x", "section's speed", "(section)", "b and section"]
        {
            assert!(has(line, "section"), "{line}");
        }
        for line in ["subsection is", "last-hit:section is", "section@final is", "sections"] {
            assert!(!has(line, "section"), "{line}");
        }
        assert!(has("last-hit:section is", "last-hit:section"));
    }
}
