//! In what two runs differ besides their figures: machine, kernel, program, settings.
//!
//! The first thing to look at when figures of two days do not agree. `report` lists it.

use serde_json::Value;

use crate::record::{Environment, UNKNOWN};

/// One thing that was not the same.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    /// What, in words.
    pub what: String,
    /// In the first run.
    pub first: String,
    /// In the second.
    pub second: String,
}

/// Keys of environment.json that are a property of machine or program, and what people call them.
/// What is different every time (start, load, run id) is left out, and so is the timer, whose
/// reading is a measurement itself.
const STABLE: &[(&str, &str)] = &[
    ("cpu_model", "processor"),
    ("cores", "cores"),
    ("simd_kernel", "SIMD kernel of s-tree"),
    ("caches", "caches"),
    ("memory_bytes", "memory"),
    ("hypervisor", "hypervisor"),
    ("kernel", "kernel"),
    ("page_size", "page size"),
    ("transparent_huge_pages", "huge pages"),
    ("clock_source", "clock source"),
    ("governor", "governor"),
    ("scaling_driver", "scaling driver"),
    ("turbo", "turbo"),
    ("smt", "SMT"),
    ("aslr", "ASLR"),
    ("pinned", "pinned"),
    ("tool_version", "version"),
    ("tool_commit", "commit"),
    ("compiler", "compiler"),
    ("compiler_flags", "compiler flags"),
];

/// What differs between two environments, in a fixed order: machine, settings, program, and then what
/// of the plan changes a figure without being in the name of a batch.
pub fn differences(first: &Environment, second: &Environment) -> Vec<Difference> {
    // Environments are plain data: this cannot fail, and if it did nothing would be listed.
    let [a, b] = [first, second].map(|e| serde_json::to_value(e).unwrap_or_default());
    let mut found: Vec<Difference> = STABLE
        .iter()
        .filter_map(|(key, what)| {
            differing(what, &in_words(key, a.get(key)), &in_words(key, b.get(key)))
        })
        .collect();
    let build = |e: &Environment| in_words("", e.plan.get("build"));
    found.extend(differing("--build", &build(first), &build(second)));
    for layout in layouts(first) {
        let name = layout.get("name").and_then(Value::as_str).unwrap_or_default();
        let other = layouts(second).iter().find(|other| other.get("name") == layout.get("name"));
        let Some(other) = other else { continue };
        let capacity = |layout: &Value| in_words("", layout.get("array_capacity"));
        found.extend(differing(
            &format!("array capacity, {name}"),
            &capacity(layout),
            &capacity(other),
        ));
    }
    for recording in recordings(first) {
        let is_same = |other: &&Value| other.get("workload") == recording.get("workload");
        let Some(other) = recordings(second).iter().find(is_same) else { continue };
        let name = recording.get("workload").and_then(Value::as_str).unwrap_or_default();
        let contents = |one: &Value| in_words("", one.get("checksum"));
        found.extend(differing(
            &format!("addresses of {name}"),
            &contents(recording),
            &contents(other),
        ));
    }
    for plugin in plugins(first) {
        let is_same = |other: &&Value| other.get("backend") == plugin.get("backend");
        let Some(other) = plugins(second).iter().find(is_same) else { continue };
        let name = plugin.get("backend").and_then(Value::as_str).unwrap_or_default();
        let contents = |one: &Value| in_words("", one.get("checksum"));
        found.extend(differing(&format!("file of {name}"), &contents(plugin), &contents(other)));
    }
    found
}

fn plugins(environment: &Environment) -> &[Value] {
    environment.plan.get("plugins").and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn recordings(environment: &Environment) -> &[Value] {
    environment.plan.get("recordings").and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn differing(what: &str, first: &str, second: &str) -> Option<Difference> {
    (first != second).then(|| Difference {
        what: what.to_owned(),
        first: first.to_owned(),
        second: second.to_owned(),
    })
}

fn layouts(environment: &Environment) -> &[Value] {
    environment.plan.get("layouts").and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// A value as a cell. Memory is counted in whole MiB: kernels reserve a little more or less of it.
fn in_words(key: &str, value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => UNKNOWN.to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(values)) => {
            values.iter().map(|value| in_words("", Some(value))).collect::<Vec<_>>().join(", ")
        }
        Some(Value::Number(bytes)) if key == "memory_bytes" => {
            format!("{} MiB", bytes.as_u64().unwrap_or_default() >> 20)
        }
        Some(other) => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Difference, differences};
    use crate::record::{Environment, fixtures};

    #[test]
    fn what_is_another_each_time_is_no_difference_and_the_rest_is() {
        let first = fixtures::environment();
        let again = Environment {
            run_id: "later".to_owned(),
            started: "2026-12-01T00:00:00Z".to_owned(),
            load_before: Some(3.0),
            timer_overhead_ns: 99.0,
            ..first.clone()
        };
        assert_eq!(differences(&first, &again), []);
        let plan = |capacity: u32| {
            let layout = json!({ "name": "mine", "array_capacity": capacity });
            json!({ "build": "auto", "layouts": [layout] })
        };
        let a = Environment { plan: plan(32), cores: None, ..first.clone() };
        let b = Environment {
            plan: plan(33),
            cores: Some(2),
            cpu_model: "else".to_owned(),
            ..first.clone()
        };
        let found = differences(&a, &b);
        let names: Vec<&str> = found.iter().map(|found| found.what.as_str()).collect();
        assert_eq!(names, ["processor", "cores", "array capacity, mine"]);
        assert_eq!(
            found[1],
            Difference {
                what: "cores".to_owned(),
                first: "unknown".to_owned(),
                second: "2".to_owned()
            }
        );
    }
}
